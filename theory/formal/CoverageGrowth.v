(******************************************************************************)
(* Growth of a randomly covered set (companion A1).                           *)
(*                                                                            *)
(* A process with states in S reads samples from a finite type T (uniform     *)
(* law, probabilities are counts) and covers more and more of a finite        *)
(* window W; cov s is the part of W covered in state s.                       *)
(*     coverage_process step cov inv kappa == the step function preserves the *)
(*        invariant inv, never uncovers, at most doubles the covered part,    *)
(*        and on average over T covers at least kappa * |A| * |~A| / |W| new  *)
(*        points, where A is the covered part                                 *)
(*     run step s xs == the state reached from s after the samples xs         *)
(*     potential A   == |W| / |A| - 1, that is, (uncovered) / (covered)       *)
(* Main results:                                                              *)
(*     potential_step : one sample multiplies the mean potential by at most   *)
(*        1 - kappa / 2                                                       *)
(*     coverage_growth : the number of n-tuples of samples leaving at least e *)
(*        points uncovered, times e, is at most                               *)
(*        |T|^n (1 - kappa / 2)^n (|W| / |A| - 1) |W|.                        *)
(* No moment or concentration inequality other than Markov's is used.         *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section CoverageGrowth.
Variables (R : realFieldType) (W T : finType) (S : Type).
Variables (step : S -> T -> S) (cov : S -> {set W}) (inv : S -> Prop).
Variable kappa : R.

Record coverage_process : Prop := CoverageProcess {
  cov_inv : forall s x, inv s -> inv (step s x);
  cov_mono : forall s x, inv s -> cov s \subset cov (step s x);
  cov_double : forall s x, inv s -> (#|cov (step s x) :\: cov s| <= #|cov s|)%N;
  cov_mix : forall s, inv s ->
    kappa * #|T|%:R * #|cov s|%:R * #|~: cov s|%:R
      <= #|W|%:R * (\sum_x #|cov (step s x) :\: cov s|)%N%:R }.

Definition run (s : S) (xs : seq T) : S := foldl step s xs.
Definition potential (A : {set W}) : R := #|W|%:R / #|A|%:R - 1.

(* the chord of 1/x between a and 2a *)
Lemma inv_chord (a d : nat) : (0 < a)%N -> (d <= a)%N ->
  ((a + d)%N%:R)^-1 <= (a%:R)^-1 - d%:R / (2%:R * a%:R ^+ 2) :> R.
Proof.
move=> a_gt0 le_da; have a0 : 0 < a%:R :> R by rewrite ltr0n.
have d0 : 0 <= d%:R :> R by rewrite ler0n.
have ad0 : 0 < a%:R + d%:R :> R by rewrite ltr_paddr.
have den0 : 0 < 2%:R * a%:R ^+ 2 :> R by rewrite mulr_gt0 ?exprn_gt0 ?ltr0n.
have -> : (a%:R)^-1 - d%:R / (2%:R * a%:R ^+ 2)
          = (2%:R * a%:R - d%:R) / (2%:R * a%:R ^+ 2) :> R.
  by field; rewrite gt_eqF.
rewrite natrD ler_pdivl_mulr // mulrC ler_pdivr_mulr //.
have -> : (2%:R * a%:R - d%:R) * (a%:R + d%:R)
          = 2%:R * a%:R ^+ 2 + d%:R * (a%:R - d%:R) :> R by ring.
by rewrite ler_addl mulr_ge0 // subr_ge0 ler_nat.
Qed.

Lemma potentialE (A : {set W}) : (0 < #|A|)%N ->
  potential A = #|~: A|%:R / #|A|%:R.
Proof.
move=> A0; rewrite /potential -(cardsC A) natrD mulrDl divff ?pnatr_eq0 -?lt0n //.
by rewrite addrAC subrr add0r.
Qed.

Lemma potential_ge0 (A : {set W}) : (0 < #|A|)%N -> 0 <= potential A.
Proof. by move=> A0; rewrite potentialE // divr_ge0 ?ler0n. Qed.

Hypothesis P : coverage_process.

Lemma card_cov_step s x : inv s ->
  #|cov (step s x)| = (#|cov s| + #|cov (step s x) :\: cov s|)%N.
Proof.
move=> Is; rewrite -(cardsID (cov s) (cov (step s x))); congr (_ + _)%N.
by congr #|pred_of_set _|; apply/setIidPr; exact: cov_mono.
Qed.

Lemma cov_step_gt0 s x : inv s -> (0 < #|cov s|)%N -> (0 < #|cov (step s x)|)%N.
Proof. by move=> Is; rewrite card_cov_step // addn_gt0 => ->. Qed.

Lemma run_inv s xs : inv s -> inv (run s xs).
Proof. by elim: xs s => //= x xs IH s Is; apply/IH/(cov_inv P). Qed.

Lemma cov_run_gt0 s xs : inv s -> (0 < #|cov s|)%N -> (0 < #|cov (run s xs)|)%N.
Proof.
elim: xs s => //= x xs IH s Is s0.
by apply: IH; [exact: (cov_inv P) | exact: cov_step_gt0].
Qed.

Notation rho := (1 - kappa / 2%:R).

Lemma potential_step s : inv s -> (0 < #|cov s|)%N ->
  \sum_x potential (cov (step s x)) <= #|T|%:R * rho * potential (cov s).
Proof.
move=> Is A0; set A := cov s; set a := #|A|; set N := #|W|.
have a0 : 0 < a%:R :> R by rewrite ltr0n.
set D : R := (\sum_x #|cov (step s x) :\: A|)%N%:R.
apply: (@le_trans _ _ (#|T|%:R * potential A - N%:R * (D / (2%:R * a%:R ^+ 2)))).
  have -> : #|T|%:R * potential A - N%:R * (D / (2%:R * a%:R ^+ 2)) =
     \sum_x (potential A
             - N%:R * (#|cov (step s x) :\: A|%:R / (2%:R * a%:R ^+ 2))).
    rewrite sumrB sumr_const mulr_natl; congr (_ - _).
    by rewrite /D natr_sum mulr_suml mulr_sumr.
  apply: ler_sum => x _; rewrite /potential card_cov_step // -/A -/N -/a.
  rewrite addrAC ler_add2r -mulrBr; apply: ler_wpmul2l; first exact: ler0n.
  by apply: inv_chord; rewrite // /a; exact: (cov_double P).
have M := cov_mix P Is; rewrite -/A -/a -/N -/D in M.
have -> : #|T|%:R * rho * potential A = #|T|%:R * potential A
    - kappa * #|T|%:R * a%:R * #|~: A|%:R / (2%:R * a%:R ^+ 2).
  by rewrite potentialE // -/a; field; rewrite gt_eqF.
rewrite ler_add2l ler_opp2 mulrA ler_wpmul2r //.
by rewrite invr_ge0 mulr_ge0 ?ler0n // exprn_ge0 // ltW.
Qed.

Hypothesis kappa_le2 : kappa <= 2%:R.

Lemma rho_ge0 : 0 <= rho.
Proof. by rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r. Qed.

Lemma potential_run n s : inv s -> (0 < #|cov s|)%N ->
  \sum_(xs : n.-tuple T) potential (cov (run s xs))
    <= (#|T|%:R * rho) ^+ n * potential (cov s).
Proof.
elim: n s => [|n IH] s Is A0.
  by rewrite expr0 mul1r (big_pred1 [tuple]) //= => xs; apply/esym/eqP/tuple0.
pose h (p : T * n.-tuple T) : n.+1.-tuple T := [tuple of p.1 :: p.2].
pose h' (t : n.+1.-tuple T) : T * n.-tuple T := (thead t, [tuple of behead t]).
rewrite (reindex h) /=; last first.
  exists h' => [[x xs] _|t _]; rewrite /h /h' /=; first by congr (_, _); apply: val_inj.
  by rewrite [in RHS](tuple_eta t); apply: val_inj.
rewrite -(pair_bigA _ (fun x xs => potential (cov (run s (x :: tval xs))))) /=.
have c0 : 0 <= (#|T|%:R * rho) ^+ n.
  by rewrite exprn_ge0 // mulr_ge0 ?ler0n ?rho_ge0.
apply: (@le_trans _ _ (\sum_x (#|T|%:R * rho) ^+ n * potential (cov (step s x)))).
  apply: ler_sum => x _; apply: IH; [exact: (cov_inv P) | exact: cov_step_gt0].
rewrite -mulr_sumr exprS [_ * _ ^+ n]mulrC -mulrA; apply: ler_wpmul2l => //.
exact: potential_step.
Qed.

Theorem coverage_growth n s e : inv s -> (0 < #|cov s|)%N ->
  #|[set xs : n.-tuple T | (e <= #|~: cov (run s xs)|)%N]|%:R * e%:R
    <= #|T|%:R ^+ n * rho ^+ n * potential (cov s) * #|W|%:R.
Proof.
move=> Is A0; set B := [set xs | _].
apply: (@le_trans _ _
    ((\sum_(xs : n.-tuple T) potential (cov (run s xs))) * #|W|%:R)); last first.
  by rewrite ler_wpmul2r ?ler0n // -exprMn; exact: potential_run.
have pos xs : 0 <= potential (cov (run s xs)) by exact/potential_ge0/cov_run_gt0.
rewrite (bigID (mem B)) /= mulrDl.
apply: (@le_trans _ _ ((\sum_(xs in B) potential (cov (run s xs))) * #|W|%:R)); last first.
  by rewrite ler_addl mulr_ge0 ?ler0n // sumr_ge0.
rewrite !mulr_suml -sumr_const mulr_suml; apply: ler_sum => xs; rewrite inE => He.
have z0 := cov_run_gt0 xs Is A0; rewrite potentialE // mul1r mulrAC.
rewrite ler_pdivl_mulr ?ltr0n //; apply: ler_pmul; rewrite ?ler0n ?ler_nat //.
exact: max_card.
Qed.

End CoverageGrowth.
