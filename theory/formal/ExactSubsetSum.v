(******************************************************************************)
(* Exact random subset sum (companion A2).                                    *)
(*                                                                            *)
(* Samples independent, uniform on {-m, ..., m}; a target is an integer of    *)
(* {-m, ..., m}.                                                              *)
(*     sample x       == the integer of the sample x : 'I_(2 m + 1)           *)
(*     exact_sum xs b == the sum of the samples that the mask b selects       *)
(*     unreached xs   == some target is no such sum                           *)
(* Main result:                                                               *)
(*     exact_subset_sum : the fraction of n-tuples with a target unreached is *)
(*        at most 4 m^2 (3/4)^n.                                              *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut SymmetricCut.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Exact.
Variable m : nat.
Hypothesis m_gt0 : (0 < m)%N.
Notation W := 'I_m.*2.+1.

Definition sample (x : W) : int := (x : nat)%:Z - m%:Z.
Definition exact_sum (xs : seq W) (b : bitseq) : int := \sum_(x <- mask b xs) sample x.
Definition unreached n (xs : n.-tuple W) : bool :=
  [exists z : W, [forall b : n.-tuple bool, exact_sum xs b != sample z]].

Let shift (A : {set W}) (x : W) : {set W} :=
  [set z : W | [exists y : W in A, (z : nat)%:Z == (y : nat)%:Z + sample x]].
Let step (A : {set W}) (x : W) : {set W} := A :|: shift A x.

Lemma step_new A x : step A x :\: A = shift A x :\: A.
Proof. by rewrite /step setDUl setDv set0U. Qed.

Lemma card_shift_le A x : (#|shift A x| <= #|A|)%N.
Proof.
pose f (y : W) : W := odflt y [pick z : W | (z : nat)%:Z == (y : nat)%:Z + sample x].
apply: leq_trans (leq_imset_card f A); apply: subset_leq_card; apply/subsetP => z.
rewrite inE => /existsP[y /andP[yA /eqP zE]]; apply/imsetP; exists y => //; rewrite /f.
case: pickP => [z' /eqP z'E|/(_ z)]; last by rewrite zE eqxx.
by apply: val_inj => /=; lia.
Qed.

Lemma new_points (A : {set W}) :
  (\sum_(y in A) \sum_(z in ~: A) nearby m y z <= \sum_x #|step A x :\: A|)%N.
Proof.
have E (B : {set W}) : #|B| = (\sum_x (x \in B))%N.
  by rewrite -sum1_card big_mkcond; apply: eq_bigr => x _; case: (x \in B).
have -> : (\sum_x #|step A x :\: A| = \sum_(z in ~: A) \sum_x (z \in shift A x))%N.
  rewrite exchange_big /=; apply: eq_bigr => x _; rewrite step_new E [RHS]big_mkcond /=.
  by apply: eq_bigr => z _; rewrite in_setD in_setC; case: (z \in A).
rewrite exchange_big; apply: leq_sum => z zA /=.
pose f (y : W) : W := insubd (ord0 : W) (z + m - y)%N.
have fE (y : W) : nearby m y z -> nat_of_ord (f y) = (z + m - y)%N.
  by move=> /andP[h1 h2]; rewrite /f val_insubd; case: ifP => //; lia.
rewrite -big_mkcondr /=.
have f_inj : {in [pred y in A | nearby m y z] &, injective f}.
  move=> y y' /andP[_ ny] /andP[_ ny'] /(congr1 (@nat_of_ord _)); rewrite !fE // => h.
  by apply: val_inj => /=; move/andP: ny => [a1 a2]; move/andP: ny' => [b1 b2]; lia.
rewrite sum1_card -(card_in_imset f_inj) -sum1_card big_mkcond /=; apply: leq_sum => x _.
case: ifP => // /imsetP[y /andP[yA ny] xE]; rewrite (_ : z \in shift A x) //.
rewrite inE; apply/existsP; exists y; apply/andP; split => //.
by apply/eqP; rewrite xE /sample fE //; move/andP: ny => [a1 a2]; lia.
Qed.

Lemma exact_coverage : coverage_process step id (fun=> True) (1 / 2%:R : rat).
Proof.
split=> // [A x _|A x _|A _]; first exact: subsetUl.
  by rewrite step_new; apply: leq_trans (card_shift_le A x); apply: subset_leq_card; exact: subsetDl.
have cut := symmetric_cut A; have new := new_points A.
rewrite div1r -!mulrA ler_pdivr_mull ?ltr0n // -!natrM ler_nat card_ord.
rewrite [X in (_ <= X)%N]mulnCA leq_mul2l; apply/orP; right; apply: leq_trans cut _.
by rewrite leq_mul2l new orbT.
Qed.

Lemma run_exact (A : {set W}) xs (z : W) : z \in run step A xs ->
  exists2 b : bitseq, size b = size xs &
    exists2 y : W, y \in A & (z : nat)%:Z = (y : nat)%:Z + exact_sum xs b.
Proof.
elim: xs A => [|x xs IH] A /= => [zA|/IH[b sb [y]]].
  by exists [::] => //; exists z; rewrite // /exact_sum big_nil addr0.
rewrite in_setU => /orP[yA|yS] E; first by exists (false :: b); [rewrite /= sb | exists y].
move: yS; rewrite inE => /existsP[y' /andP[y'A /eqP yE]].
exists (true :: b); first by rewrite /= sb.
by exists y' => //; rewrite /exact_sum /= big_cons E yE addrA.
Qed.

Theorem exact_subset_sum n :
  #|[set xs | @unreached n xs]|%:R / m.*2.+1%:R ^+ n <= 4%:R * m%:R ^+ 2 * (3%:R / 4%:R) ^+ n :> rat.
Proof.
have lt_m : (m < m.*2.+1)%N by lia.
pose zero : W := Ordinal lt_m; pose A0 : {set W} := [set zero].
have k2 : 1 / 2%:R <= 2%:R :> rat by [].
have A0_gt0 : (0 < #|A0|)%N by rewrite cards1.
have grow := potential_run exact_coverage k2 n (s := A0) I A0_gt0.
set B := [set xs | _]; set T := m.*2.+1%:R : rat.
have T0 : 0 < T by rewrite ltr0n.
have m0 : 0 < m%:R :> rat by rewrite ltr0n.
have pot0 : potential [realFieldType of rat] A0 = (2 * m)%:R.
  rewrite /potential cards1 divr1 card_ord -[1]/(1%:R) -natrB //; congr (_%:R); lia.
have hit xs : xs \in B -> ((2 * m)%:R)^-1 <= potential [realFieldType of rat] (run step A0 xs) :> rat.
  rewrite inE => /existsP[z /forallP miss].
  have zN : z \notin run step A0 xs.
    apply/negP => /run_exact[b sb [y]]; rewrite inE => /eqP-> E.
    have sb' : size b == n by rewrite sb size_tuple.
    have /negP[] := miss (Tuple sb'); apply/eqP => /=; rewrite /sample E /=; lia.
  set A := run step A0 xs in zN *; have A_gt0 : (0 < #|A|)%N by apply: (cov_run_gt0 exact_coverage).
  have cA : (#|A| + #|~: A| = m.*2.+1)%N by rewrite cardsC card_ord.
  have nA : (0 < #|~: A|)%N by apply/card_gt0P; exists z; rewrite inE.
  rewrite potentialE // ler_pdivl_mulr ?ltr0n // mulrC ler_pdivr_mulr ?ltr0n ?muln_gt0 //.
  by rewrite -natrM ler_nat; nia.
have pos xs : 0 <= potential [realFieldType of rat] (run step A0 xs) by exact/potential_ge0/(cov_run_gt0 exact_coverage).
have mean : #|B|%:R * ((2 * m)%:R)^-1 <= (T * (1 - 1 / 2%:R / 2%:R)) ^+ n * (2 * m)%:R :> rat.
  move: grow; rewrite card_ord pot0 => grow; apply: le_trans grow.
  rewrite [X in _ <= X](bigID (mem B)) /= -[X in X <= _]addr0; apply: ler_add; last exact: sumr_ge0.
  by rewrite mulr_natl -sumr_const; apply: ler_sum => xs /hit.
rewrite ler_pdivr_mulr ?exprn_gt0 //.
have m2 : 0 < (2 * m)%:R :> rat by rewrite ltr0n muln_gt0.
rewrite -(ler_pmul2r (x := ((2 * m)%:R)^-1)) ?invr_gt0 //; apply: le_trans mean _.
have -> : 1 - 1 / 2%:R / 2%:R = 3%:R / 4%:R :> rat by [].
rewrite exprMn natrM le_eqVlt; apply/orP; left; apply/eqP.
move: (T ^+ n) ((3%:R / 4%:R) ^+ n) => t p; field; rewrite gt_eqF //=.
Qed.

End Exact.
