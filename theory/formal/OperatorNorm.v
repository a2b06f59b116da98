(******************************************************************************)
(* Upper bounds of operator norms in the Euclidean norm, without roots.       *)
(*                                                                            *)
(* Matrices and signals are functions of natural numbers, of which the first  *)
(* r rows and c columns count.                                                *)
(*     sqnorm c x      == \sum_(j < c) x j ^ 2                                *)
(*     apply c A x     == the signal i |-> \sum_(j < c) A i j * x j           *)
(*     op_le r c A b   == |A x| <= b |x| for every signal x (squared)         *)
(* Main results:                                                              *)
(*     sqnorm_add      : |u + v| <= |u| + |v|, on upper bounds                *)
(*     frobenius_le    : the Frobenius norm bounds the operator norm          *)
(*     gram_le         : if |A A^T| <= b^2 then |A| <= b                      *)
(* gram_le, applied again and again to A A^T, is the squaring bound that      *)
(* certificates use.                                                          *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OperatorNorm.
Variable R : realFieldType.
Implicit Types (x y u v : nat -> R) (A B : nat -> nat -> R) (r c : nat) (a b g t : R).

Definition sqnorm c x : R := \sum_(j < c) x j ^+ 2.
Definition apply c A x : nat -> R := fun i => \sum_(j < c) A i j * x j.
Definition op_le r c A b := forall x, sqnorm r (apply c A x) <= b ^+ 2 * sqnorm c x.

Lemma sqnorm_ge0 c x : 0 <= sqnorm c x.
Proof. by apply: sumr_ge0 => j _; exact: sqr_ge0. Qed.

Lemma eq_sqnorm c x y : (forall j, (j < c)%N -> x j = y j) -> sqnorm c x = sqnorm c y.
Proof. by move=> E; apply: eq_bigr => j _; rewrite E. Qed.

Lemma sqr_le (s t : R) : 0 <= s -> t ^+ 2 <= s ^+ 2 -> t <= s.
Proof.
move=> s0 h; have [t0|/ltW t0] := leP 0 t; last exact: le_trans s0.
by rewrite -(ler_pexpn2r (n := 2)).
Qed.

Lemma cauchy_schwarz c x y : (\sum_(j < c) x j * y j) ^+ 2 <= sqnorm c x * sqnorm c y.
Proof.
set C := \sum_(j < c) _; set A := sqnorm c x; set B := sqnorm c y.
have A0 : 0 <= A := sqnorm_ge0 c x.
have [A1|] := ltP 0 A; last first.
  move=> A1; have AE : A = 0 by apply/le_anti/andP.
  have x0 (j : 'I_c) : x j = 0.
    apply/eqP; rewrite -sqrf_eq0; move/eqP: AE.
    by rewrite psumr_eq0 => [/allP/(_ j)|i _]; rewrite ?sqr_ge0 ?mem_index_enum //; apply.
  by rewrite AE mul0r /C big1 ?expr0n // => j _; rewrite x0 mul0r.
have : 0 <= sqnorm c (fun j => A * y j - C * x j) := sqnorm_ge0 _ _.
have -> : sqnorm c (fun j => A * y j - C * x j) = A * (A * B - C ^+ 2).
  rewrite /sqnorm (eq_bigr (fun j : 'I_c =>
    A ^+ 2 * y j ^+ 2 + - (2%:R * A * C) * (x j * y j) + C ^+ 2 * x j ^+ 2)); last by move=> j _; ring.
  by rewrite !big_split /= -!mulr_sumr -/A -/B -/C -[\sum_(j < c) y j ^+ 2]/B -[\sum_(j < c) x j ^+ 2]/A; ring.
by rewrite pmulr_rge0 // subr_ge0.
Qed.

Lemma sqnorm_add c u v (N : R) a b : 0 <= a -> 0 <= b -> 0 <= N ->
  sqnorm c u <= a ^+ 2 * N -> sqnorm c v <= b ^+ 2 * N ->
  sqnorm c (fun j => u j + v j) <= (a + b) ^+ 2 * N.
Proof.
move=> a0 b0 N0 hu hv; have cs : \sum_(j < c) u j * v j <= a * b * N.
  apply: sqr_le; first by rewrite !mulr_ge0.
  apply: le_trans (cauchy_schwarz c u v) _.
  have -> : (a * b * N) ^+ 2 = (a ^+ 2 * N) * (b ^+ 2 * N) by ring.
  by apply: ler_pmul => //; exact: sqnorm_ge0.
have -> : sqnorm c (fun j => u j + v j)
    = sqnorm c u + sqnorm c v + 2%:R * \sum_(j < c) u j * v j.
  by rewrite /sqnorm mulr_sumr -!big_split; apply: eq_bigr => j _ /=; ring.
have -> : (a + b) ^+ 2 * N = a ^+ 2 * N + b ^+ 2 * N + 2%:R * (a * b * N) by ring.
by apply: ler_add; [apply: ler_add | apply: ler_wpmul2l; rewrite ?ler0n].
Qed.

Lemma op_leD r c A B a b : 0 <= a -> 0 <= b -> op_le r c A a -> op_le r c B b ->
  op_le r c (fun i j => A i j + B i j) (a + b).
Proof.
move=> a0 b0 hA hB x; have := sqnorm_add a0 b0 (sqnorm_ge0 c x) (hA x) (hB x).
congr (_ <= _); apply: eq_bigr => i _; congr (_ ^+ 2); rewrite /apply -big_split /=.
by apply: eq_bigr => j _; rewrite mulrDl.
Qed.

Lemma op_leZ r c A b t : op_le r c A b -> op_le r c (fun i j => t * A i j) (t * b).
Proof.
move=> hA x; have -> : sqnorm r (apply c (fun i j => t * A i j) x) = t ^+ 2 * sqnorm r (apply c A x).
  rewrite /sqnorm mulr_sumr; apply: eq_bigr => i _; rewrite -exprMn /apply mulr_sumr.
  by congr (_ ^+ 2); apply: eq_bigr => j _; rewrite mulrA.
by rewrite exprMn -[X in _ <= X]mulrA; apply: ler_wpmul2l (sqr_ge0 t) _ _ (hA x).
Qed.

Lemma eq_op_le r c A B b : (forall i j, (i < r)%N -> (j < c)%N -> A i j = B i j) ->
  op_le r c A b -> op_le r c B b.
Proof.
move=> E hA x; apply: le_trans (hA x); rewrite le_eqVlt; apply/orP; left; apply/eqP.
by apply: eq_sqnorm => i hi; apply: eq_bigr => j _; rewrite E.
Qed.

Lemma op_le_weaken r c A a b : 0 <= a -> a <= b -> op_le r c A a -> op_le r c A b.
Proof.
move=> a0 ab hA x; apply: le_trans (hA x) _; rewrite ler_wpmul2r ?sqnorm_ge0 //.
by rewrite ler_pexpn2r // nnegrE // (le_trans a0).
Qed.

Lemma frobenius_le r c A b :
  \sum_(i < r) \sum_(j < c) A i j ^+ 2 <= b ^+ 2 -> op_le r c A b.
Proof.
move=> h x; apply: (@le_trans _ _ ((\sum_(i < r) \sum_(j < c) A i j ^+ 2) * sqnorm c x)).
  by rewrite mulr_suml; apply: ler_sum => i _; exact: cauchy_schwarz.
by rewrite ler_wpmul2r ?sqnorm_ge0.
Qed.

Lemma gram_le r c A g b : 0 <= g -> g <= b ^+ 2 ->
  op_le r r (fun i j => \sum_(k < c) A i k * A j k) g -> op_le r c A b.
Proof.
move=> g0 gb hG x; set y := apply c A x.
apply: (@le_trans _ _ (g * sqnorm c x)); last by rewrite ler_wpmul2r ?sqnorm_ge0.
pose z : nat -> R := fun k => \sum_(i < r) A i k * y i.
have yE : sqnorm r y = \sum_(k < c) z k * x k.
  rewrite /z; under [RHS]eq_bigr => k _ do rewrite mulr_suml.
  rewrite exchange_big /=; apply: eq_bigr => i _; rewrite expr2 {2}/y /apply mulr_sumr.
  by apply: eq_bigr => k _; ring.
clearbody y.
have zE : sqnorm c z = \sum_(i < r) y i * apply r (fun i j => \sum_(k < c) A i k * A j k) y i.
  rewrite /sqnorm; under eq_bigr => k _ do rewrite expr2 {1}/z mulr_suml.
  rewrite exchange_big /=; apply: eq_bigr => i _; rewrite /apply /z mulr_sumr.
  under eq_bigr => k _ do rewrite mulr_sumr.
  rewrite exchange_big /=; apply: eq_bigr => j _; rewrite mulr_suml mulr_sumr.
  by apply: eq_bigr => k _; ring.
have y0 := sqnorm_ge0 r y; have x0 := sqnorm_ge0 c x.
have zy : sqnorm c z <= g * sqnorm r y.
  apply: sqr_le; first by rewrite mulr_ge0.
  rewrite zE; apply: le_trans (cauchy_schwarz _ _ _) _; apply: le_trans (ler_wpmul2l y0 (hG y)) _.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
have [yp|yn] := ltP 0 (sqnorm r y); last by apply: le_trans yn _; rewrite mulr_ge0.
rewrite -(ler_pmul2l yp) -expr2 [X in X ^+ 2]yE.
apply: le_trans (cauchy_schwarz _ _ _) _; apply: le_trans (ler_wpmul2r x0 zy) _.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End OperatorNorm.
