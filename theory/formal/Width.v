(******************************************************************************)
(* The width in closed form.                                                  *)
(*                                                                            *)
(* The weights lie on the grid k / M with M = 2 e s; s is the accuracy asked  *)
(* for (coefficients up to 5 / (4 s)) and e >= 24 says that the grid is at    *)
(* least 24 times finer.  For the weights of this project M = 2^23, so s can  *)
(* be any power of two up to 2^17.                                            *)
(*     log_width : halving the failure probability of a pool costs 51 samples:*)
(*        product_bound (e s) e e N <= 8 s^2 / 2^L as soon as 51 L <= N.      *)
(*     layer_error_le : layer_error <= 5 C / (2 s).                           *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth ProductLaw LotteryLayer.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Width.
Variables (e s : nat).
Hypotheses (e_ge : (24 <= e)%N) (s_gt0 : (0 < s)%N).
Notation b := (e * s)%N.

Lemma grain_le : (grain b e <= s.+1)%N.
Proof.
rewrite /grain ltnS; apply: (@leq_trans ((s * e.*2.+1) %/ e.*2.+1)); last by rewrite mulnK.
by apply: leq_div2r; rewrite -!mul2n; nia.
Qed.

Lemma rate_ge : 7%:R / 256%:R <= product_rate b e.
Proof.
have b0 : (0 < b)%N by rewrite muln_gt0 s_gt0 andbT; apply: leq_trans e_ge.
have b32 : 0 < (32 * b)%:R :> rat by rewrite ltr0n muln_gt0 b0.
rewrite /product_rate ler_pdivr_mulr ?ltr0n // mulrAC ler_pdivl_mulr //.
rewrite -!natrM ler_nat; have := grain_le; set g := grain b e => hg.
have : (8 * g.+1 <= b)%N by apply: (@leq_trans (8 * s.+2)); [lia | nia].
by lia.
Qed.

Lemma ratio_le1 (a c : nat) : (0 < c)%N -> (a <= c)%N -> a%:R / c%:R <= 1 :> rat.
Proof. by move=> c0 ac; rewrite ler_pdivr_mulr ?ltr0n // mul1r ler_nat. Qed.

Lemma expr_half (a c k : nat) : (0 < c)%N -> (2 * a ^ k <= c ^ k)%N ->
  (a%:R / c%:R) ^+ k <= 1 / 2%:R :> rat.
Proof.
move=> c0 ack; have p : 0 < c%:R ^+ k :> rat by rewrite exprn_gt0 ?ltr0n.
rewrite expr_div_n ler_pdivr_mulr // mulrAC ler_pdivl_mulr ?ltr0n // mul1r mulrC.
by rewrite -!natrX -natrM ler_nat.
Qed.

Lemma pow_half : (2 * 505 ^ 51 <= 512 ^ 51)%N.
Proof. by lia. Qed.

Lemma halving : (505%:R / 512%:R) ^+ 51 <= 1 / 2%:R :> rat.
Proof. exact (@expr_half 505 512 51 isT pow_half). Qed.

Lemma rho_le : 1 - product_rate b e / 2%:R <= 505%:R / 512%:R.
Proof.
rewrite ler_subl_addr -ler_subl_addl.
have -> : 1 - 505%:R / 512%:R = 7%:R / 256%:R / 2%:R :> rat by field.
rewrite ler_pmul2r ?invr_gt0 ?ltr0n //; exact rate_ge.
Qed.

Lemma log_width_gen (c : rat) k L N : 1 - product_rate b e / 2%:R <= c ->
  c <= 1 -> c ^+ k <= 1 / 2%:R ->
  (k * L <= N)%N -> product_bound b e e N <= (8 * s ^ 2)%:R / 2%:R ^+ L.
Proof.
move=> rho1 c1 half LN; have e0 : (0 < e)%N by apply: leq_trans e_ge.
have k2 : product_rate b e <= 2%:R.
  rewrite ler_pdivr_mulr ?ltr0n ?muln_gt0 ?e0 // -natrM ler_nat.
  by apply: leq_trans (leq_subr _ _) _; rewrite mulnA leq_pmull.
move: rho1 (rho_ge0 k2); set rho := 1 - product_rate b e / 2%:R => rho1 rho0.
have c0 : 0 <= c by exact: le_trans rho1.
have rhoN : rho ^+ N <= 1 / 2%:R ^+ L.
  apply: (@le_trans _ _ (rho ^+ (k * L))).
    rewrite -[in X in X <= _](subnK LN) exprD ler_pimull ?exprn_ge0 //.
    by apply: exprn_ile1 => //; exact: le_trans c1.
  apply: (@le_trans _ _ (c ^+ (k * L))); first by apply: ler_expn2r; rewrite ?nnegrE.
  apply: (@le_trans _ _ ((1 / 2%:R) ^+ L)); last by rewrite expr_div_n expr1n.
  by rewrite exprM; apply: ler_expn2r; rewrite ?nnegrE ?exprn_ge0 ?divr_ge0 ?ler0n.
rewrite /product_bound -/rho.
apply: (@le_trans _ _ (1 / 2%:R ^+ L * (8 * s ^ 2)%:R)); last by rewrite mul1r mulrC.
rewrite -mulrA; apply: ler_pmul => //; first by rewrite exprn_ge0.
  rewrite mulr_ge0 ?divr_ge0 ?ler0n // subr_ge0 ler_pdivl_mulr ?ltr0n // mul1r ler_nat.
  by rewrite -!mul2n; nia.
apply: (@le_trans _ _ (b.*2.*2%:R / e.*2%:R * (b.*2.*2%:R / e%:R))).
  apply: ler_pmul; rewrite ?divr_ge0 ?ler0n //.
  - rewrite subr_ge0 ler_pdivl_mulr ?ltr0n // mul1r ler_nat -!mul2n; nia.
  - apply: (@le_trans _ _ (b.*2.*2%:R / e.*2.+1%:R)); first by rewrite ler_subl_addr ler_addl ler01.
    by rewrite ler_wpmul2l ?ler0n // lef_pinv ?ler_nat // posrE ltr0n // double_gt0.
  by rewrite ler_wpmul2l ?ler0n // lef_pinv ?ler_nat // posrE ltr0n.
have e0r : e%:R != 0 :> rat by rewrite pnatr_eq0 -lt0n.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
by rewrite expnS expn1 -!mul2n !natrM; field.
Qed.

Lemma log_width L N : (51 * L <= N)%N ->
  product_bound b e e N <= (8 * s ^ 2)%:R / 2%:R ^+ L.
Proof. exact (log_width_gen rho_le (@ratio_le1 505 512 isT isT) halving). Qed.

Lemma layer_error_le (R : realFieldType) (C : R) : 0 <= C ->
  layer_error b e e C <= 5%:R / 2%:R * C / s%:R.
Proof.
move=> C0; have e0 : (0 < e)%N by apply: leq_trans e_ge.
have s0 : 0 < s%:R :> R by rewrite ltr0n.
have M0 : 0 < b.*2%:R :> R by rewrite ltr0n double_gt0 muln_gt0 e0.
rewrite /layer_error [X in _ <= X]mulrAC; apply: ler_wpmul2r => //.
rewrite mulrA ler_pdivr_mulr // [X in _ <= X]mulrAC ler_pdivl_mulr //.
rewrite [X in _ <= X]mulrAC ler_pdivl_mulr ?ltr0n //.
by rewrite -!natrM ler_nat -!mul2n; nia.
Qed.

End Width.
