(******************************************************************************)
(* The cut lemma on a symmetric window (companion A2).                        *)
(*                                                                            *)
(* Points 0, ..., 2 m, a subset A.  Points i and j of the lower half, i <> j, *)
(* and their shifts by m + 1 form a four-cycle with exactly one edge longer   *)
(* than m; i, the middle m and i + m + 1 form a triangle with one.  In either *)
(* the other edges cut by A are at least half of the cut ones.                *)
(*     symmetric_cut : |A| |~A| <= 2 #{(y, z) in A x ~A, |y - z| <= m}        *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect.
From mathcomp Require Import zify.
From lottery Require Import WindowCut.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Cut.
Variables (m : nat) (g : nat -> bool).
Let D y z : nat := g y != g z.
Let N y z : nat := (g y != g z) && nearby m y z.
Let up i := (m.+1 + i)%N.

Lemma sum_window (F : nat -> nat) :
  \sum_(y < m.*2.+1) F y = \sum_(i < m) F i + F m + \sum_(i < m) F (up i).
Proof.
rewrite -addnn -addSn -(big_mkord xpredT F) (@big_cat_nat _ _ _ m.+1) //=; last by rewrite leq_addr.
rewrite big_mkord big_ord_recr /=; congr (_ + _).
by rewrite -{1}[m.+1]add0n big_addn addKn big_mkord; apply: eq_bigr => i _; rewrite /up addnC.
Qed.

Lemma double_window (F : nat -> nat -> nat) :
  \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) F y z
  = \sum_(i < m) \sum_(j < m) (F i j + F (up i) (up j) + F i (up j) + F (up i) j)
    + \sum_(i < m) (F i m + F m i + F (up i) m + F m (up i)) + F m m.
Proof.
rewrite (sum_window (fun y => \sum_(z < _) F y z)) sum_window.
under eq_bigr => i _ do rewrite sum_window.
under [X in _ + _ + X]eq_bigr => i _ do rewrite sum_window.
by rewrite !big_split /= ; under [in RHS]eq_bigr => i _ do rewrite !big_split; rewrite !big_split /=; lia.
Qed.

Lemma symmetric_pairs :
  \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) D y z <= 2 * \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) N y z.
Proof.
rewrite (double_window D) (double_window N); have -> : D m m = 0 by rewrite /D eqxx.
rewrite addn0; apply: (@leq_trans (2 * (\sum_(i < m) \sum_(j < m)
  (N i j + N (up i) (up j) + N i (up j) + N (up i) j)
  + \sum_(i < m) (N i m + N m i + N (up i) m + N m (up i))))); last by rewrite leq_mul2l leq_addr orbT.
rewrite -!big_split big_distrr /=; apply: leq_sum => i _; have lt_i := ltn_ord i.
rewrite (bigD1 i) //= [in X in _ <= X](bigD1 i) //= ![_ + _ + \sum_(_ < _ | _) _ + _]addnAC mulnDr.
apply: leq_add; last first.
  rewrite big_distrr /=; apply: leq_sum => j ne; have lt_j := ltn_ord j.
  have {ne} : (i : nat) != j by rewrite eq_sym.
  rewrite /D /N /nearby /up; case: (g i); case: (g j); case: (g (m.+1 + i)); case: (g (m.+1 + j)) => /=; lia.
rewrite /D /N /nearby /up; case: (g i); case: (g m); case: (g (m.+1 + i)) => /=; lia.
Qed.

End Cut.

Theorem symmetric_cut m (A : {set 'I_m.*2.+1}) :
  #|A| * #|~: A| <= 2 * \sum_(y in A) \sum_(z in ~: A) nearby m y z.
Proof.
pose g k := if insub k is Some y then y \in A else false.
have gE (y : 'I_m.*2.+1) : g y = (y \in A) by rewrite /g valK.
pose S (p : nat -> nat -> bool) :=
  \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) (g y && ~~ g z && p y z).
have two (p : nat -> nat -> bool) : (forall y z, p y z = p z y) ->
    \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) ((g y != g z) && p y z) = (S p).*2.
  move=> pC; rewrite -[RHS]addnn /S [X in _ = _ + X]exchange_big -big_split /=.
  apply: eq_bigr => y _; rewrite -big_split /=; apply: eq_bigr => z _.
  by rewrite pC; case: (g y); case: (g z); case: (p z y).
have SE (p : nat -> nat -> bool) : S p = \sum_(y in A) \sum_(z in ~: A) p y z.
  rewrite [RHS]big_mkcond; apply: eq_bigr => y _; rewrite gE.
  case: (y \in A) => /=; last by rewrite big1.
  rewrite [RHS]big_mkcond; apply: eq_bigr => z _; rewrite inE gE.
  by case: (z \in A).
have := symmetric_pairs m g; rewrite (two _ (nearbyC m)) SE.
have -> : \sum_(y < m.*2.+1) \sum_(z < m.*2.+1) (g y != g z) = (#|A| * #|~: A|).*2.
  rewrite -sum1_card -[#|~: A|]sum1_card big_distrl /=.
  have <- : S (fun _ _ => true) = \sum_(y in A) 1 * \sum_(z in ~: A) 1.
    by rewrite SE; apply: eq_bigr => y _; rewrite mul1n.
  rewrite -two //; apply: eq_bigr => y _; apply: eq_bigr => z _.
  by rewrite andbT.
by rewrite -doubleMr leq_double.
Qed.
