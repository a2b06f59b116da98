(******************************************************************************)
(* Random subset sum for one random integer (companion A2 and A1').           *)
(*                                                                            *)
(* The samples are drawn from a finite type T (uniform law) through           *)
(* val : T -> int.  All that is asked of the law is that every integer        *)
(* d <> 0 with |d| <= b has at least c preimages: a law with weight           *)
(* p = 2 b c / |T| on the uniform law of {+-1, ..., +-b}, whatever the rest   *)
(* (a mixture, a Bernoulli mask, 0 in the support or not).  Targets are the   *)
(* integers z - r b, 0 <= z < 2 r b: r times as far as the samples reach.     *)
(*     ssum xs m     == the sum of the samples of xs selected by the mask m   *)
(*     sum_missed e xs == some target has no mask m with ssum xs m within e   *)
(*     sum_rate      == b c / (r |T|)                                         *)
(* Main results:                                                              *)
(*     random_subset_sum : the fraction of n-tuples missing a target by more  *)
(*        than e0 + e1 is at most                                             *)
(*        (1 - sum_rate / 2)^n (2 r b / (2 e0 + 1) - 1) (2 r b / (e1 + 1))    *)
(*     random_subset_sum_uniform : samples uniform on {-m, ..., m}, targets   *)
(*        {-m, ..., m - 1}, sums exact: (1 - m / (2 (2 m + 1)))^n (2m-1) 2m.  *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut ProductLaw.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section SubsetSum.
Variables (T : finType) (val : T -> int) (r b c : nat).
Notation W := 'I_(r.*2 * b).
Hypotheses (r_gt0 : (0 < r)%N) (b_gt0 : (0 < b)%N).
Hypothesis law : forall d : int, d != 0 -> `|d| <= b%:Z -> (c <= #|[set t | val t == d]|)%N.

Definition ssum (xs : seq T) (m : bitseq) : int := \sum_(x <- mask m xs) val x.
Definition target (z : nat) : int := z%:Z - (r * b)%N%:Z.

Definition sstep (A : {set W}) (x : T) : {set W} :=
  A :|: [set z : W | [exists y : W in A, (z : nat)%:Z == (y : nat)%:Z + val x]].

Definition sum_rate : rat := (b * c)%:R / (r * #|T|)%:R.

Let shift (A : {set W}) (x : T) : {set W} :=
  [set z : W | [exists y : W in A, (z : nat)%:Z == (y : nat)%:Z + val x]].

Lemma sstepD A x : sstep A x :\: A = shift A x :\: A.
Proof. by rewrite /sstep setDUl setDv set0U. Qed.

Lemma card_shift A x : (#|shift A x| <= #|A|)%N.
Proof.
pose f (y : W) : W := odflt y [pick z : W | (z : nat)%:Z == (y : nat)%:Z + val x].
apply: leq_trans (leq_imset_card f A); apply: subset_leq_card; apply/subsetP => z.
rewrite inE => /existsP[y /andP[yA /eqP zE]]; apply/imsetP; exists y => //; rewrite /f.
case: pickP => [z' /eqP z'E|/(_ z)]; last by rewrite zE eqxx.
by apply: val_inj => /=; lia.
Qed.

Lemma gain_ge (A : {set W}) :
  (c * (\sum_(y in A) \sum_(z in ~: A) nearby b y z) <= \sum_x #|sstep A x :\: A|)%N.
Proof.
have -> : (\sum_x #|sstep A x :\: A| = \sum_(z in ~: A) #|[set x | z \in shift A x]|)%N.
  transitivity (\sum_x \sum_(z in ~: A) (z \in shift A x))%N.
    apply: eq_bigr => x _; rewrite sstepD card_sum [RHS]big_mkcond /=.
    by apply: eq_bigr => z _; rewrite in_setD in_setC; case: (z \in A).
  rewrite exchange_big /=; apply: eq_bigr => z _; rewrite card_sum.
  by apply: eq_bigr => x _; rewrite inE.
rewrite exchange_big big_distrr /=; apply: leq_sum => z; rewrite inE => zA.
rewrite big_distrr /=.
pose hits (y : W) := #|[set x : T | ((z : nat)%:Z == (y : nat)%:Z + val x)%R]|.
have le_hits : (\sum_(y in A) c * nearby b y z <= \sum_(y in A) hits y)%N.
  apply: leq_sum => y yA; case: (boolP (nearby b y z)) => [/andP[n1 n2]|_]; last by rewrite muln0.
  rewrite muln1; apply: (@leq_trans #|[set t | (val t == (z : nat)%:Z - (y : nat)%:Z)%R]|).
    apply: law; last by lia.
    apply: contraNneq zA => E; rewrite (_ : z = y) //.
    by apply: val_inj => /=; lia.
  by apply: subset_leq_card; apply/subsetP => x; rewrite !inE => /eqP->; apply/eqP; lia.
apply: leq_trans le_hits _; rewrite {}/hits.
rewrite (eq_bigr (fun y : W => \sum_x ((z : nat)%:Z == (y : nat)%:Z + val x)%R)%N); last first.
  by move=> y _; rewrite card_sum; apply: eq_bigr => x _; rewrite inE.
rewrite exchange_big card_sum /=; apply: leq_sum => x _; rewrite !inE.
case: (boolP [exists y : W in A, _]) => [/existsP[y /andP[yA /eqP zE]]|no].
  rewrite (bigD1 y) //= big1 ?addn0 ?leq_b1 // => y' /andP[_ ne].
  by apply/eqP; rewrite eqb0; apply: contra ne => /eqP E; apply/eqP/val_inj => /=; lia.
rewrite big1 // => y yA; apply/eqP; rewrite eqb0; apply: contra no => E.
by apply/existsP; exists y; rewrite yA.
Qed.

Lemma bc_le : (b * c <= #|T|)%N.
Proof.
rewrite -[b]card_ord -sum_nat_const.
apply: (@leq_trans (\sum_(d < b) #|[set t | val t == d.+1%:Z]|)%N).
  by apply: leq_sum => d _; apply: law => //; have := ltn_ord d; lia.
under eq_bigr => d _ do rewrite card_sum.
rewrite exchange_big -sum1_card /=; apply: leq_sum => t _.
case: (boolP [exists d : 'I_b, val t == d.+1%:Z]) => [/existsP[d /eqP dE]|no].
  rewrite (bigD1 d) //= big1 ?addn0 ?leq_b1 // => d' ne; rewrite inE.
  by apply/eqP; rewrite eqb0; apply: contra ne => /eqP E; apply/eqP/val_inj => /=; lia.
rewrite big1 // => d _; rewrite inE; apply/eqP; rewrite eqb0.
by apply: contra no => h; apply/existsP; exists d.
Qed.

Lemma sum_coverage : (0 < #|T|)%N ->
  coverage_process sstep id (fun=> True) sum_rate.
Proof.
move=> T0; split=> // [A x _|A x _|A _]; first exact: subsetUl.
  by rewrite sstepD; apply: leq_trans (card_shift A x); apply: subset_leq_card; exact: subsetDl.
have cut := window_cut A; have gain := gain_ge A.
set near := (\sum_(y in A) _)%N in cut gain; set tot := (\sum_x _)%N in gain *.
have T0r : 0 < #|T|%:R :> rat by rewrite ltr0n.
have r0r : 0 < r%:R :> rat by rewrite ltr0n.
have -> : sum_rate * #|T|%:R * #|A|%:R * #|~: A|%:R
        = (b * c)%:R / r%:R * (#|A| * #|~: A|)%:R :> rat.
  rewrite /sum_rate [(r * _)%:R]natrM [(#|A| * _)%:R]natrM.
  by field; rewrite !gt_eqF.
apply: (@le_trans _ _ ((b * c)%:R / r%:R * (2 * r ^ 2 * near)%:R)).
  by rewrite ler_wpmul2l ?ler_nat // divr_ge0 ?ler0n.
rewrite card_ord mulrAC ler_pdivr_mulr // -!natrM ler_nat expnS expn1 -mul2n.
apply: (@leq_trans (2 * r * b * (c * near) * r)); first by lia.
by rewrite leq_mul2r leq_mul2l gain !orbT.
Qed.

Lemma run_ssum (A : {set W}) xs (z : W) : z \in run sstep A xs ->
  exists2 m : bitseq, size m = size xs &
    exists2 y : W, y \in A & (z : nat)%:Z = (y : nat)%:Z + ssum xs m.
Proof.
elim: xs A => [|x xs IH] A /= => [zA|/IH[m sm [y]]].
  by exists [::] => //; exists z; rewrite // /ssum big_nil addr0.
rewrite in_setU => /orP[yA|yS] E; first by exists (false :: m); [rewrite /= sm | exists y].
move: yS; rewrite inE => /existsP[y' /andP[y'A /eqP yE]].
exists (true :: m); first by rewrite /= sm.
by exists y' => //; rewrite /ssum /= big_cons E yE addrA.
Qed.

Definition sum_start (e0 : nat) : {set W} := [set y : W | `|target y| <= e0%:Z].

Lemma card_sum_start e0 : (e0 < r * b)%N -> (e0.*2.+1 <= #|sum_start e0|)%N.
Proof.
move=> e0M; have W_gt0 : (0 < r.*2 * b)%N by rewrite muln_gt0 double_gt0 r_gt0.
have WE : (r.*2 * b = (r * b).*2)%N by rewrite -!mul2n mulnA.
pose f (i : 'I_e0.*2.+1) : W := insubd (Ordinal W_gt0) (r * b - e0 + i)%N.
have fE i : nat_of_ord (f i) = (r * b - e0 + i)%N.
  by rewrite /f val_insubd; have := ltn_ord i; case: ifP => //; move: WE e0M; lia.
have f_inj : injective f.
  by move=> i j /(congr1 (@nat_of_ord _)); rewrite !fE => /addnI; exact: val_inj.
rewrite -[X in (X <= _)%N]card_ord -(card_image f_inj).
apply: subset_leq_card; apply/subsetP => y /imageP[i _ ->]; rewrite inE.
by rewrite /target fE; have := ltn_ord i; lia.
Qed.

Definition sum_missed (e n : nat) (xs : n.-tuple T) : bool :=
  [exists z : W, [forall m : n.-tuple bool, e%:Z < `|ssum xs m - target z| ]].

Theorem random_subset_sum e0 e1 n : (0 < #|T|)%N -> (e0 < r * b)%N -> (e1 < r * b)%N ->
  #|[set xs | @sum_missed (e0 + e1) n xs]|%:R / #|T|%:R ^+ n
    <= (1 - sum_rate / 2%:R) ^+ n * ((r * b).*2%:R / e0.*2.+1%:R - 1)
       * ((r * b).*2%:R / e1.+1%:R).
Proof.
move=> T0 e0M e1M.
have T0r : 0 < #|T|%:R :> rat by rewrite ltr0n.
have k2 : sum_rate <= 2%:R.
  rewrite ler_pdivr_mulr ?ltr0n ?muln_gt0 ?r_gt0 // -natrM ler_nat.
  by apply: leq_trans bc_le _; rewrite mulnA leq_pmull // muln_gt0.
have cs := card_sum_start e0M; have c0 : (0 < #|sum_start e0|)%N by exact: leq_trans cs.
have WE : (r.*2 * b = (r * b).*2)%N by rewrite -!mul2n mulnA.
have := @coverage_growth _ _ _ _ _ _ _ _ (sum_coverage T0) k2 n (sum_start e0) e1.+1 I c0.
move=> growth; set D := [set xs | _]; set F := [set xs | _] in growth.
have DF : (#|D| <= #|F|)%N.
  apply: subset_leq_card; apply/subsetP => xs; rewrite !inE => /existsP[z /forallP miss].
  have W_gt0 : (0 < r.*2 * b)%N by apply: leq_ltn_trans (ltn_ord z).
  have lt_z := ltn_ord z.
  pose f (i : 'I_e1.+1) : W := insubd (Ordinal W_gt0)
    (if (z + e1 < r.*2 * b)%N then z + i else z - i)%N.
  have fE i : nat_of_ord (f i) = (if (z + e1 < r.*2 * b)%N then z + i else z - i)%N.
    rewrite /f val_insubd; have := ltn_ord i.
    by do 2?case: ifP => //; move: lt_z e1M; lia.
  have f_inj : injective f.
    move=> i j /(congr1 (@nat_of_ord _)); rewrite !fE => H; apply: val_inj => /=; move: H lt_z e1M.
    by have := ltn_ord i; have := ltn_ord j; case: ifP => /=; move: WE; lia.
  rewrite -[X in (X <= _)%N]card_ord -(card_image f_inj).
  apply: subset_leq_card; apply/subsetP => y /imageP[i _ ->]; rewrite inE.
  apply/negP => /run_ssum[m sm [y0]]; rewrite inE fE => y0e E.
  have sm' : size m == n by rewrite sm size_tuple.
  have := miss (Tuple sm'); rewrite ltNge => /negP[] /=.
  move: E y0e; rewrite /target; have := ltn_ord i; move: WE lt_z e1M.
  by move: (ssum _ _) => t; case: ifP; lia.
have e10 : 0 < e1.+1%:R :> rat by rewrite ltr0n.
rewrite ler_pdivr_mulr ?exprn_gt0 // -(ler_pmul2r e10).
apply: le_trans (le_trans _ growth) _; first by rewrite ler_wpmul2r ?ler_nat // ltW.
have cW : #|ordinal_finType (r.*2 * b)| = (r * b).*2 by rewrite card_ord WE.
rewrite cW /potential cW; set p := (1 - _) ^+ n; set y : rat := e1.+1%:R in e10 *.
have p0 : 0 <= p by exact: exprn_ge0 (rho_ge0 k2).
set f := #|_|%:R ^+ n; set m := _.*2%:R; set x := (e0.*2.+1)%:R.
apply: (@le_trans _ _ (f * p * (m / x - 1) * m)).
  rewrite ler_wpmul2r ?ler0n //; apply: ler_wpmul2l.
    by rewrite mulr_ge0 // exprn_ge0 // ler0n.
  by rewrite ler_add2r ler_wpmul2l ?ler0n // lef_pinv ?ler_nat // posrE ltr0n.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
have -> : p * (m / x - 1) * (m / y) * f * y = p * (m / x - 1) * m * f * (y / y).
  by rewrite ![_ / y]mulrC; ring.
by rewrite divff ?gt_eqF //; ring.
Qed.

End SubsetSum.

(* uniform integers, every target hit exactly *)
Theorem random_subset_sum_uniform m n : (0 < m)%N ->
  #|[set xs | @sum_missed [finType of 'I_m.*2.+1] (fun t => (t : nat)%:Z - m%:Z) 1 m 0 n xs]|%:R
    / m.*2.+1%:R ^+ n
    <= (1 - m%:R / m.*2.+1%:R / 2%:R) ^+ n * (m.*2%:R - 1) * m.*2%:R :> rat.
Proof.
move=> m0; set val := fun t : 'I_m.*2.+1 => _.
have law (d : int) : d != 0 -> `|d| <= m%:Z -> (1 <= #|[set t | val t == d]|)%N.
  move=> _ dm; have lt_d : (`|(d + m%:Z)%R|%N < m.*2.+1)%N by lia.
  by apply/card_gt0P; exists (Ordinal lt_d); rewrite inE /val /=; apply/eqP; lia.
have := @random_subset_sum _ val 1 m 1 isT m0 law 0 0 n.
by rewrite /sum_rate card_ord !mul1n muln1 !divr1 => ->.
Qed.
