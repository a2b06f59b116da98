(******************************************************************************)
(* The checker's norm bounds are bounds.                                      *)
(*                                                                            *)
(*     real z        == the integer z as an element of the ordered field R    *)
(*     power2 e      == 2 ^ e, e a binary integer, possibly negative          *)
(*     entry A i j   == entry of a matrix given by its rows                   *)
(*     is_matrix r c A == A has r rows of c entries                           *)
(* Main results:                                                              *)
(*     norm_bound_sound  : norm_bound k A = (i, e) gives |A| <= i 2^e, for    *)
(*        whatever number k of squarings                                      *)
(*     matrix_norm_sound : the rows over 2^s have norm at most matrix_norm    *)
(*     length_sound      : a vector over 2^s has norm at most length          *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ zify ring.
From lottery Require Import OperatorNorm Philox Orbits Certificate Checker.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Close Scope Q_scope.
Local Open Scope ring_scope.
Notation Z := BinNums.Z.

Section NormBound.
Variable R : realFieldType.
Notation real := (@real R).
Notation rational := (@rational R).

Lemma real_zero : real Z0 = 0. Proof. by []. Qed.
Lemma real_add a b : real (Z.add a b) = real a + real b.
Proof. by rewrite /Certificate.real -intrD; congr (_%:~R); lia. Qed.
Lemma real_opp a : real (Z.opp a) = - real a.
Proof. by rewrite /Certificate.real -mulrNz; congr (_%:~R); lia. Qed.
Lemma real_sub a b : real (Z.sub a b) = real a - real b.
Proof. by rewrite -Z.add_opp_r real_add real_opp. Qed.
Lemma real_mul a b : real (Z.mul a b) = real a * real b.
Proof. by rewrite /Certificate.real -intrM; congr (_%:~R); lia. Qed.
Lemma real_le a b : (real a <= real b) = (Z.leb a b).
Proof. by rewrite /Certificate.real ler_int; lia. Qed.
Lemma real_lt a b : (real a < real b) = (Z.ltb a b).
Proof. by rewrite /Certificate.real ltr_int; lia. Qed.
Lemma real_nat n : real (Z.of_nat n) = n%:R.
Proof. by rewrite /Certificate.real -[n%:R]/(n%:~R); congr (_%:~R); lia. Qed.
Lemma real_pos p : 0 < real (Zpos p).
Proof. by rewrite -real_zero real_lt. Qed.
Lemma real_one : real (Zpos xH) = 1. Proof. by []. Qed.

Definition power2 (e : Z) : R := 2%:R ^ (int_of_Z e).
Lemma power2_gt0 e : 0 < power2 e. Proof. by rewrite exprz_gt0 ?ltr0n. Qed.
Lemma power2_ge0 e : 0 <= power2 e. Proof. exact/ltW/power2_gt0. Qed.
Lemma power2D a b : power2 (Z.add a b) = power2 a * power2 b.
Proof. by rewrite /power2 -expfzDr ?pnatr_eq0 //; congr (_ ^ _); lia. Qed.
Lemma power2N a : power2 (Z.opp a) = (power2 a)^-1.
Proof. by rewrite /power2 invr_expz; congr (_ ^ _); lia. Qed.
Lemma power2K e x : power2 e * (x * power2 (Z.opp e)) = x.
Proof. by rewrite power2N mulrC divfK ?gt_eqF ?power2_gt0. Qed.
Lemma power2_nat n : power2 (Z.of_nat n) = 2%:R ^+ n.
Proof. by rewrite /power2; have -> : int_of_Z (Z.of_nat n) = n%:Z by lia. Qed.
Lemma real_pow2 e : Z.le 0 e -> real (Z.pow 2 e) = power2 e.
Proof.
move=> e0; rewrite -(Z2Nat.id e) // power2_nat; elim: (Z.to_nat e) => [|k IH] //.
by rewrite Nat2Z.inj_succ Z.pow_succ_r ?real_mul ?IH ?exprS //; lia.
Qed.

Lemma div_le a d : Z.lt Z0 d -> real (Z.div a d) <= real a / real d.
Proof.
move=> d0; rewrite ler_pdivl_mulr; last by rewrite -real_zero real_lt; apply/Z.ltb_lt.
by rewrite -real_mul real_le; apply/Z.leb_le; rewrite Z.mul_comm; apply: Z.mul_div_le.
Qed.

Lemma div_gt a d : Z.lt Z0 d -> real a / real d < real (Z.div a d) + 1.
Proof.
move=> d0; rewrite ltr_pdivr_mulr; last by rewrite -real_zero real_lt; apply/Z.ltb_lt.
rewrite -real_one -real_add -real_mul real_lt; apply/Z.ltb_lt.
by rewrite Z.mul_comm Z.add_1_r; apply: Z.mul_succ_div_gt.
Qed.

Lemma floor2_cases a e :
  (Z.le Z0 e /\ real (floor2 a e) = real a * power2 e) \/
  exists2 d, Z.lt Z0 d & real a * power2 e = real a / real d /\ floor2 a e = Z.div a d.
Proof.
case: (Z_le_dec Z0 e) => e0; [left | right].
  by split=> //; rewrite /floor2 Z.shiftl_mul_pow2 // real_mul real_pow2.
have e1 : Z.le Z0 (Z.opp e) by move: e0; clear; lia.
exists (Z.pow (Zpos 2) (Z.opp e)); first exact: Z.pow_pos_nonneg.
split; first by rewrite real_pow2 // power2N invrK.
by apply: Z.shiftl_div_pow2; move: e1; clear; lia.
Qed.

Lemma floor2_le a e : real (floor2 a e) <= real a * power2 e.
Proof. by case: (floor2_cases a e) => [[_ ->]|[d d0 [-> ->]]] //; exact: div_le. Qed.

Lemma floor2_gt a e : real a * power2 e < real (floor2 a e) + 1.
Proof.
case: (floor2_cases a e) => [[_ ->]|[d d0 [-> ->]]]; last exact: div_gt.
by rewrite ltr_addl ltr01.
Qed.

Lemma floor2_exact a e : Z.le 0 e -> real (floor2 a e) = real a * power2 e.
Proof. by move=> e0; rewrite /floor2 Z.shiftl_mul_pow2 // real_mul real_pow2. Qed.

Lemma ceil2_ge a e : real a * power2 e <= real (ceil2 a e).
Proof. by rewrite /ceil2 real_opp ler_oppr -mulNr -real_opp; exact: floor2_le. Qed.

Lemma sqrt_up_ge a : real a <= real (Z.sqrt_up a) ^+ 2.
Proof.
rewrite expr2 -real_mul real_le; apply/Z.leb_le; have [a0|a0] := Z.le_gt_cases a 0.
  by apply: (Z.le_trans _ 0) => //; apply: Z.square_nonneg.
by have [_] := Z.sqrt_up_spec _ a0.
Qed.

Lemma sqrt_up_ge0 a : 0 <= real (Z.sqrt_up a).
Proof. by rewrite -real_zero real_le; apply/Z.leb_le/Z.sqrt_up_nonneg. Qed.

Lemma total_sum n f : real (total n f) = \sum_(j < n) real (f j).
Proof.
rewrite /total -(big_mkord xpredT (fun j => real (f j))) /index_iota subn0.
by elim: (iota 0 n) => [|j s IH]; rewrite ?big_nil // big_cons /= real_add IH.
Qed.

Lemma dot_sum n a b : size a = n -> size b = n ->
  real (dot a b) = \sum_(j < n) real (nth Z0 a j) * real (nth Z0 b j).
Proof.
move=> <-; elim: a b => [|x a IH] [|y b] //=; first by rewrite big_ord0.
by move=> [sb]; rewrite big_ord_recl real_add real_mul (IH b).
Qed.

Definition entry (A : seq (seq Z)) (i j : nat) : R := real (nth Z0 (nth [::] A i) j).
Definition is_matrix (r c : nat) (A : seq (seq Z)) := size A = r /\ forall i, (i < r)%N -> size (nth [::] A i) = c.

Lemma gram_matrix r c A : is_matrix r c A -> is_matrix r r (gram A).
Proof.
by case=> sA rA; split=> [|i lt_i]; rewrite ?size_map // (nth_map [::]) ?size_map ?sA.
Qed.

Lemma gram_entry r c A i j : is_matrix r c A -> (i < r)%N -> (j < r)%N ->
  entry (gram A) i j = \sum_(k < c) entry A i k * entry A j k.
Proof.
case=> sA rA lt_i lt_j; rewrite /entry (nth_map [::]) ?sA // (nth_map [::]) ?sA //.
by rewrite (dot_sum (rA i lt_i) (rA j lt_j)).
Qed.

Lemma largest_ge r c A i j : is_matrix r c A -> (i < r)%N -> (j < c)%N ->
  Z.le (Z.abs (nth Z0 (nth [::] A i) j)) (largest A).
Proof.
have mono a s : Z.le s (foldr (fun x t => Z.max (Z.abs x) t) s a) by elim: a => [|x a IH] /=; lia.
case=> <- rA lt_i lt_j; have: (j < size (nth [::] A i))%N by rewrite rA.
elim: A i lt_i {rA lt_j} => //= a A IH [|i] /= lt_i lt_j; last first.
  by apply: Z.le_trans (mono a _); apply: IH.
by elim: a j lt_j {IH} => //= x a IHa [|j] /= lt_j; [lia | have := IHa j lt_j; lia].
Qed.

Lemma sum_squaresE r c A : is_matrix r c A ->
  real (sum_squares A) = \sum_(i < r) \sum_(j < c) entry A i j ^+ 2.
Proof.
case; elim: A r => [|a A IH] r /= <- rA; first by rewrite big_ord0.
rewrite big_ord_recl real_add (IH (size A)) // => [|i lt_i]; last exact: (rA i.+1).
congr (_ + _); rewrite (@dot_sum c) ?(rA 0%N) //.
Qed.

Lemma norm_bound_ge0 k A : 0 <= real (norm_bound k A).1.
Proof.
by case: k => [|k] /=; case: ifP => //= _; [|case: (norm_bound k _) => i e /=];
  rewrite real_add addr_ge0 ?sqrt_up_ge0 //; case: ifP => // _; rewrite real_nat ler0n.
Qed.


Definition rounded (e : Z) (A : seq (seq Z)) := [seq [seq floor2 x (Z.opp e) | x <- a] | a <- A].

Lemma rounded_matrix r c e A : is_matrix r c A -> is_matrix r c (rounded e A).
Proof.
by case=> sA rA; split=> [|i lt_i]; rewrite ?size_map // (nth_map [::]) ?size_map ?sA // rA.
Qed.

(* what rounding the entries to multiples of 2^e loses *)
Lemma rounding_le r e A t : is_matrix r r A -> 0 <= real t -> op_le r r (entry (rounded e A)) (real t) ->
  op_le r r (entry A) (real (Z.add t (if Z.ltb Z0 e then Z.of_nat (size A) else Z0)) * power2 e).
Proof.
move=> mA t0 ht; have [sA rA] := mA; rewrite real_add mulrDl [real t * _]mulrC.
have AE i j : (i < r)%N -> (j < r)%N ->
    entry (rounded e A) i j = real (floor2 (nth Z0 (nth [::] A i) j) (Z.opp e)).
  by move=> lt_i lt_j; rewrite /entry (nth_map [::]) ?sA // (nth_map Z0) // rA.
pose E i j := entry A i j - power2 e * entry (rounded e A) i j.
have bE : op_le r r E (real (if Z.ltb Z0 e then Z.of_nat (size A) else Z0) * power2 e).
  apply: frobenius_le; case: ifP => [_|/Z.ltb_ge e0].
    apply: (@le_trans _ _ (\sum_(i < r) \sum_(j < r) power2 e ^+ 2)).
      apply: ler_sum => i _; apply: ler_sum => j _; rewrite /E AE //.
      set x := nth Z0 _ _; set y := real (floor2 _ _).
      have lo : power2 e * y <= real x.
        by rewrite -[real x](power2K e) ler_pmul2l ?power2_gt0 //; exact: floor2_le.
      have hi : real x <= power2 e * (y + 1).
        by rewrite -[real x](power2K e) ler_pmul2l ?power2_gt0 // ltW //; exact: floor2_gt.
      rewrite ler_pexpn2r ?nnegrE ?power2_ge0 // ?subr_ge0 // ler_subl_addl.
      by move: hi; rewrite mulrDr mulr1.
    rewrite !sumr_const !card_ord real_nat sA le_eqVlt; apply/orP; left; apply/eqP.
    by rewrite -[in LHS]mulr_natl -[X in _ * X]mulr_natl; ring.
  rewrite mul0r expr0n /= big1 // => i _; rewrite big1 // => j _; rewrite /E AE // floor2_exact; last by lia.
  by rewrite power2K subrr expr0n.
apply: (eq_op_le (A := fun i j => power2 e * entry (rounded e A) i j + E i j)).
  by move=> i j _ _; rewrite /E addrC subrK.
apply: op_leD bE; rewrite ?mulr_ge0 ?power2_ge0 //; last exact: op_leZ.
by case: ifP => // _; rewrite real_nat ler0n.
Qed.

Theorem norm_bound_sound k r A : is_matrix r r A ->
  op_le r r (entry A) (real (norm_bound k A).1 * power2 (norm_bound k A).2).
Proof.
have zero_bound B : is_matrix r r B -> largest B = Z0 -> op_le r r (entry B) (real Z0 * power2 Z0).
  move=> mB top0; rewrite mul0r; apply: frobenius_le; rewrite expr0n big1 // => i _; rewrite big1 // => j _.
  have := largest_ge mB (ltn_ord i) (ltn_ord j); rewrite top0 /entry => h.
  have -> : nth Z0 (nth [::] B i) j = Z0 by move: h; clear; lia.
  by rewrite real_zero expr0n.
elim: k A => [|k IH] A mA.
  rewrite [norm_bound _ _]/=; case: ifP => [/Z.eqb_eq|_]; first exact: zero_bound.
  set e := Z.sub _ _; rewrite -/(rounded e A); apply: rounding_le => //; first exact: sqrt_up_ge0.
  by apply: frobenius_le; rewrite -(sum_squaresE (rounded_matrix e mA)); exact: sqrt_up_ge.
rewrite [norm_bound _ _]/=; case: ifP => [/Z.eqb_eq|_]; first exact: zero_bound.
set e := Z.sub _ _; rewrite -/(rounded e A) /=; apply: rounding_le => //; first exact: sqrt_up_ge0.
have mA' := rounded_matrix e mA; have := IH _ (gram_matrix mA').
have := norm_bound_ge0 k (gram (rounded e A)); case: (norm_bound k _) => i e' /= i0 h.
apply: (gram_le (c := r) (g := real i * power2 e')).
- by apply: mulr_ge0; rewrite ?power2_ge0.
- by apply: le_trans (ceil2_ge i e') _; exact: sqrt_up_ge.
by apply: eq_op_le h => a b lt_a lt_b; exact: (gram_entry mA').
Qed.

(* rows in units of 2^-s *)
Definition over (s : Z) (A : seq (seq Z)) (i j : nat) : R := entry A i j * power2 (Z.opp s).

Lemma unit64E t : rational (unit64 t) = real t * power2 (Z.opp (Zpos 64)).
Proof.
by rewrite power2N -real_pow2 //; congr (_ / real _).
Qed.

Let scale_exponent s : Z := Z.sub (Zpos 128) (Z.mul (Zpos 2) s).

Lemma scale_power s : power2 (scale_exponent s) * power2 (Z.opp (Zpos 64)) ^+ 2 = power2 (Z.opp s) ^+ 2.
Proof. by rewrite !expr2 -!power2D; congr power2; rewrite /scale_exponent; lia. Qed.

Theorem matrix_norm_sound k s r c A : is_matrix r c A ->
  0 <= rational (matrix_norm k s A) /\ op_le r c (over s A) (rational (matrix_norm k s A)).
Proof.
move=> mA; rewrite /matrix_norm; have := norm_bound_sound k (gram_matrix mA).
have := norm_bound_ge0 k (gram A); case: (norm_bound k _) => i e /= i0 h.
rewrite unit64E; set t := Z.sqrt_up _; split; first by rewrite mulr_ge0 ?power2_ge0 ?sqrt_up_ge0.
apply: (gram_le (g := real i * power2 e * power2 (Z.opp s) ^+ 2)).
- by apply: mulr_ge0; [apply: mulr_ge0; rewrite ?power2_ge0 | exact: sqr_ge0].
- rewrite exprMn -scale_power mulrA ler_wpmul2r ?exprn_ge0 ?power2_ge0 //.
  rewrite -mulrA -power2D; by apply: le_trans (ceil2_ge i _) _; exact: sqrt_up_ge.
rewrite mulrC; apply: eq_op_le (op_leZ _ h) => a b lt_a lt_b.
rewrite (gram_entry mA) // mulr_sumr; apply: eq_bigr => j _; rewrite /over; ring.
Qed.

Theorem length_sound s n a : size a = n ->
  0 <= rational (length s a) /\
  sqnorm n (fun r => real (nth Z0 a r) * power2 (Z.opp s)) <= rational (length s a) ^+ 2.
Proof.
move=> sa; rewrite /length unit64E; split; first by rewrite mulr_ge0 ?power2_ge0 ?sqrt_up_ge0.
apply: (@le_trans _ _ (real (dot a a) * power2 (Z.opp s) ^+ 2)).
  rewrite (dot_sum sa sa) mulr_suml le_eqVlt; apply/orP; left; apply/eqP.
  by apply: eq_bigr => j _; ring.
rewrite exprMn -scale_power mulrA ler_wpmul2r ?exprn_ge0 ?power2_ge0 //.
by apply: le_trans (ceil2_ge _ _) _; exact: sqrt_up_ge.
Qed.

End NormBound.
