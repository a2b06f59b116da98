(******************************************************************************)
(* The checker's norm bounds are bounds.                                      *)
(*                                                                            *)
(*     entry A i j   == entry of a matrix given by its rows                   *)
(*     is_matrix r c A == A has r rows of c entries                           *)
(* Main results:                                                              *)
(*     norm_bound_sound  : norm_bound m w bw k A = (i, e) gives |A| <= i 2^e, *)
(*        for whatever number k of squarings and both base bounds bw          *)
(*     matrix_norm_sound : the rows over 2^s have norm at most matrix_norm    *)
(*     length_sound      : a vector over 2^s has norm at most length          *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ zify ring.
From lottery Require Import OperatorNorm SchurTest Philox Orbits Certificate Checker Binary.

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
Notation power2 := (power2 R).
Notation dot_sum := (dot_sum R).
Notation floor2_le := (floor2_le R).
Notation floor2_gt := (floor2_gt R).
Notation ceil2_ge := (ceil2_ge R).
Notation sqrt_up_ge := (sqrt_up_ge R).
Notation sqrt_up_ge0 := (sqrt_up_ge0 R).
Notation power2_gt0 := (power2_gt0 R).
Notation power2_ge0 := (power2_ge0 R).

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

Lemma block_sum_ge0 m w A : 0 <= real (block_sum m w A).
Proof.
rewrite -real_zero real_le; apply/Z.leb_le; rewrite /block_sum.
by elim: (_ ++ _) => [|x l IH] /=; [exact: Z.le_refl | apply: Z.le_trans IH (Z.le_max_r _ _)].
Qed.

Lemma base_bound_ge0 m w bw A : 0 <= real (base_bound m w bw A).
Proof.
rewrite /base_bound; case: bw; last exact: sqrt_up_ge0.
by case: (Z.min_spec (Z.sqrt_up (sum_squares A)) (block_sum m w A)) => -[_ ->]; rewrite ?sqrt_up_ge0 ?block_sum_ge0.
Qed.

Lemma block_sum_sound m w A : is_matrix (m * w) (m * w) A ->
  op_le (m * w) (m * w) (entry A) (real (block_sum m w A)).
Proof.
move=> mA; have max_ge l x : x \in l -> real x <= real (foldr Z.max Z0 l).
  rewrite real_le => x_in; apply/Z.leb_le; elim: l x_in => //= y l IH.
  by rewrite inE => /orP[/eqP->|/IH h]; [exact: Z.le_max_l | apply: Z.le_trans h (Z.le_max_r _ _)].
pose F i j := real (block_root m w A i j).
have rootE i j : (i < w)%N -> (j < w)%N ->
    nth Z0 (nth [::] (mkseq (fun i => mkseq (fun j => block_root m w A i j) w) w) i) j = block_root m w A i j.
  by move=> hi hj; rewrite !nth_mkseq.
apply: (@schur_le R (m * w) w (entry A) (fun a => a %% w)%N F).
- by move=> a; exact: ltn_remainder.
- by move=> i j; exact: sqrt_up_ge0.
- move=> i j hi hj; apply: le_trans (sqrt_up_ge _); rewrite le_eqVlt; apply/orP; left; apply/eqP.
  have pick (G : nat -> R) k : (k < w)%N -> \sum_(a < m * w | (a %% w)%N == k) G a = \sum_(q < m) G (q * w + k)%N.
    move=> hk; rewrite big_mkcond (sum_flat m w (fun a => if (a %% w)%N == k then G a else 0)).
    apply: eq_bigr => q _; have := sum_pick w k (fun y => G (q * w + y)%N); rewrite hk => <-; apply: eq_bigr => y _.
    by rewrite remainder // eq_sym.
  rewrite /block_square (pick (fun a => \sum_(b < m * w | (b %% w)%N == j) entry A a b ^+ 2) i hi) total_sum.
  apply: eq_bigr => q _; rewrite (pick (fun b => entry A (q * w + i)%N b ^+ 2) j hj) total_sum.
  by apply: eq_bigr => q' _; rewrite real_mul expr2.
- move=> i hi; apply: le_trans (max_ge _ (total w (fun j => block_root m w A i j)) _); first by rewrite total_sum.
  rewrite mem_cat; apply/orP; left; apply/mapP; exists i; rewrite ?mem_iota //.
  by apply: eq_total => j hj; rewrite rootE.
- move=> j hj; apply: le_trans (max_ge _ (total w (fun i => block_root m w A i j)) _); first by rewrite total_sum.
  rewrite mem_cat; apply/orP; right; apply/mapP; exists j; rewrite ?mem_iota //.
  by apply: eq_total => i hi; rewrite rootE.
Qed.

Lemma base_bound_sound m w bw A : is_matrix (m * w) (m * w) A ->
  op_le (m * w) (m * w) (entry A) (real (base_bound m w bw A)).
Proof.
move=> mA; have frob : op_le (m * w) (m * w) (entry A) (real (Z.sqrt_up (sum_squares A))).
  by apply: frobenius_le; rewrite -(sum_squaresE mA); exact: sqrt_up_ge.
rewrite /base_bound; case: bw => //.
by case: (Z.min_spec (Z.sqrt_up (sum_squares A)) (block_sum m w A)) => -[_ ->] //; exact: block_sum_sound.
Qed.

Lemma norm_bound_ge0 m w bw k A : 0 <= real (norm_bound m w bw k A).1.
Proof.
by case: k => [|k] /=; case: ifP => //= _; [|case: (norm_bound m w bw k _) => i e /=];
  rewrite real_add addr_ge0 ?sqrt_up_ge0 ?base_bound_ge0 //; case: ifP => // _; rewrite real_nat ler0n.
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

Theorem norm_bound_sound m w bw k A : is_matrix (m * w) (m * w) A ->
  op_le (m * w) (m * w) (entry A) (real (norm_bound m w bw k A).1 * power2 (norm_bound m w bw k A).2).
Proof.
have zero_bound B : is_matrix (m * w) (m * w) B -> largest B = Z0 ->
    op_le (m * w) (m * w) (entry B) (real Z0 * power2 Z0).
  move=> mB top0; rewrite mul0r; apply: frobenius_le; rewrite expr0n big1 // => i _; rewrite big1 // => j _.
  have := largest_ge mB (ltn_ord i) (ltn_ord j); rewrite top0 /entry => h.
  have -> : nth Z0 (nth [::] B i) j = Z0 by move: h; clear; lia.
  by rewrite real_zero expr0n.
elim: k A => [|k IH] A mA.
  rewrite [norm_bound _ _ _ _ _]/=; case: ifP => [/Z.eqb_eq|_]; first exact: zero_bound.
  set e := Z.sub _ _; rewrite -/(rounded e A); apply: rounding_le => //; first exact: base_bound_ge0.
  exact: base_bound_sound (rounded_matrix e mA).
rewrite [norm_bound _ _ _ _ _]/=; case: ifP => [/Z.eqb_eq|_]; first exact: zero_bound.
set e := Z.sub _ _; rewrite -/(rounded e A) /=.
have mA' := rounded_matrix e mA; have := IH _ (gram_matrix mA').
have := norm_bound_ge0 m w bw k (gram (rounded e A)); case: (norm_bound m w bw k _) => i e' /= i0 h.
apply: rounding_le => //; first exact: sqrt_up_ge0.
apply: (gram_le (c := (m * w)%N) (g := real i * power2 e')).
- by apply: mulr_ge0; rewrite ?power2_ge0.
- by apply: le_trans (ceil2_ge i e') _; exact: sqrt_up_ge.
by apply: eq_op_le h => a b lt_a lt_b; exact: (gram_entry mA').
Qed.

(* rows in units of 2^-s *)
Definition over (s : Z) (A : seq (seq Z)) (i j : nat) : R := entry A i j * power2 (Z.opp s).

Lemma unit64E t : rational (unit64 t) = real t * power2 (Z.opp (Zpos 64)).
Proof.
rewrite power2N -real_pow2 //; congr (_ / real _).
Qed.

Let scale_exponent s : Z := Z.sub (Zpos 128) (Z.mul (Zpos 2) s).

Lemma scale_power s : power2 (scale_exponent s) * power2 (Z.opp (Zpos 64)) ^+ 2 = power2 (Z.opp s) ^+ 2.
Proof. by rewrite !expr2 -!power2D; congr power2; rewrite /scale_exponent; lia. Qed.

Theorem matrix_norm_sound m w bw k s c A : is_matrix (m * w) c A ->
  0 <= rational (matrix_norm m w bw k s A) /\ op_le (m * w) c (over s A) (rational (matrix_norm m w bw k s A)).
Proof.
move=> mA; rewrite /matrix_norm; have := norm_bound_sound bw k (gram_matrix mA).
have := norm_bound_ge0 m w bw k (gram A); case: (norm_bound m w bw k _) => i e /= i0 h.
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
