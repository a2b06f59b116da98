(******************************************************************************)
(* Binary integers in an ordered field, and sums over pairs of indices.       *)
(*                                                                            *)
(*     real z        == the integer z as an element of the ordered field R    *)
(*     power2 e      == 2 ^ e, e a binary integer, possibly negative          *)
(* Main results: real is a morphism; floor2 and ceil2 round a 2^e down and up;*)
(* sqrt_up is above the root; total and dot are sums; sum_flat sums over      *)
(* channels and points.                                                       *)
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

Section Flat.
Variable V : zmodType.

Lemma sum_flat n b (F : nat -> V) :
  \sum_(k < n * b) F k = \sum_(i < n) \sum_(u < b) F (i * b + u)%N.
Proof.
elim: n => [|n IH]; first by rewrite !big_ord0.
rewrite big_ord_recr /= -IH -!(big_mkord xpredT) mulSn addnC.
rewrite (@big_cat_nat _ _ _ (n * b)) ?leq_addr //=; congr (_ + _).
rewrite -{1}[(n * b)%N]add0n big_addn addKn big_mkord.
by apply: eq_bigr => u _; rewrite addnC.
Qed.

Lemma sum_pick K (l : nat) (F : nat -> V) :
  \sum_(k < K) (if l == k then F k else 0) = if (l < K)%N then F l else 0.
Proof.
case: ltnP => h; last by rewrite big1 // => k _; case: eqP => // E; have := ltn_ord k; lia.
by rewrite (bigD1 (Ordinal h)) //= eqxx big1 ?addr0 // => k ne; rewrite -val_eqE eq_sym /= in ne; rewrite (negbTE ne).
Qed.
End Flat.

Lemma quotient q w y : (y < w)%N -> ((q * w + y) %/ w)%N = q.
Proof. by move=> h; rewrite divnMDl ?divn_small ?addn0 // (leq_ltn_trans _ h). Qed.
Lemma remainder q w y : (y < w)%N -> ((q * w + y) %% w)%N = y.
Proof. by move=> h; rewrite modnMDl modn_small. Qed.
Lemma ltn_flat q w y m : (q < m)%N -> (y < w)%N -> (q * w + y < m * w)%N.
Proof. by move=> hq hy; apply: (@leq_trans (q.+1 * w)); rewrite ?leq_mul2r ?hq ?orbT // mulSn addnC ltn_add2r. Qed.
Lemma ltn_quotient r m w : (r < m * w)%N -> (r %/ w < m)%N.
Proof. by case: w => [|w]; rewrite ?muln0 // => h; rewrite ltn_divLR. Qed.
Lemma ltn_remainder r m w : (r < m * w)%N -> (r %% w < w)%N.
Proof. by case: w => [|w]; rewrite ?muln0 // ltn_mod. Qed.

Section Binary.
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

Lemma eq_total n f g : (forall j, (j < n)%N -> f j = g j) -> total n f = total n g.
Proof.
rewrite /total => E; have: {in iota 0 n, f =1 g} by move=> j; rewrite mem_iota => /andP[_ /E].
by elim: (iota 0 n) => //= j l IH fg; rewrite fg ?mem_head // IH // => x hx; rewrite fg // inE hx orbT.
Qed.

Lemma dot_sum n a b : size a = n -> size b = n ->
  real (dot a b) = \sum_(j < n) real (nth Z0 a j) * real (nth Z0 b j).
Proof.
move=> <-; elim: a b => [|x a IH] [|y b] //=; first by rewrite big_ord0.
by move=> [sb]; rewrite big_ord_recl real_add real_mul (IH b).
Qed.

End Binary.
