(******************************************************************************)
(* The equivariant strong lottery ticket theorem.                             *)
(*                                                                            *)
(* Ferbach, Tsirigotis, Gidel and Bose, Theorem 1: a random network with      *)
(*   n~_i = C' n_i log (n_i n_(i+1) max (|B_i|, |||B_i|||) l / min (eps, dlt))*)
(* hidden channels contains, with probability at least 1 - dlt and for all    *)
(* targets at once, a pruned G-equivariant network within eps of the target.  *)
(*                                                                            *)
(* strong_lottery_ticket below is this statement with explicit constants.     *)
(*   weights     independent, k / M with k uniform on {+-1, ..., +-M}, where  *)
(*               M = 2 e s (theorem's b is e * s, b.*2 = M)                   *)
(*   n i, V i    channels and feature space on floor i = 0, ..., l            *)
(*   B i k       K i linear maps V i -> V i.+1, the basis of layer i          *)
(*   b1 i k      K1 i linear maps V i -> V i, the basis of the first of the   *)
(*               two random layers; the id1 i-th of them is the identity      *)
(*   sigma i     positively homogeneous, sigma x - sigma (- x) = x: ReLU      *)
(*   tau i       what stands before layer i: the identity for i = 0, then the *)
(*               nonlinearity; 1-Lipschitz with tau 0 = 0                     *)
(*   NX i        any seminorm on the signals of floor i                       *)
(*   C i         a bound of the operator norm of every signed sum of the      *)
(*               stacked basis of layer i: |||kappa (x) B_i|||                *)
(*   rho i       the action of the group on V i                               *)
(*   N i         hidden channels per input channel of layer i: n~_i = n_i N i *)
(* The width condition 51 L_i <= N i with                                     *)
(*   16 l n_i n_(i+1) K_i s^2 <= dlt 2^(L_i)   and   5 l C_i <= s eps         *)
(* reads N i >= 51 log2 (400 n_i n_(i+1) K_i l^3 C_i^2 / (eps^2 dlt)), up to  *)
(* rounding s and L_i to integers.  The grid must resolve s: e >= 24.         *)
(*                                                                            *)
(* Probability is counting (Probability.v, Pr).  Trusted: the Coq kernel and  *)
(* the definitions random_network, target_network (LotteryNetwork.v),         *)
(* random_layer, target_layer (LotteryLayer.v), wval (RandomWeight.v), Pr.    *)
(* Not covered: weights with a density on [-1, 1] (only the grid), biases,    *)
(* nonlinearities without sigma x - sigma (- x) = x.                          *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import ProductLaw Probability LayerError LotteryLayer.
From lottery Require Import ErrorComposition LotteryNetwork Width.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Main.
Variables (R : realFieldType) (l e s : nat).
Variables (V : nat -> lmodType R) (n N K1 K : nat -> nat).
Variables (b1 : forall i, 'I_(K1 i) -> {linear V i -> V i}).
Variables (B : forall i, 'I_(K i) -> {linear V i -> V i.+1}).
Variables (id1 : forall i, 'I_(K1 i)) (sigma : forall i, V i -> V i).
Variables (tau : forall i, signal V n i -> signal V n i).
Variables (NX : forall i, signal V n i -> R) (C : nat -> R).
Variables (G : Type) (rho : forall i, G -> {linear V i -> V i}).
Variables (L : nat -> nat) (eps : R) (dlt : rat).

(* the architecture *)
Hypothesis b1_id : forall i x, b1 (id1 i) x = x.
Hypothesis sigmaZ : forall i c (x : V i), 0 <= c -> sigma (c *: x) = c *: sigma x.
Hypothesis sigma_split : forall i (x : V i), sigma x - sigma (- x) = x.
(* the norms *)
Hypothesis sNX : forall i, seminorm (@NX i).
Hypothesis sigma_le : forall i (x : signal V n i), NX (act (@sigma i) x : signal V n i) <= NX x.
Hypothesis tau_lip : forall i (x y : signal V n i), NX (tau x - tau y) <= NX (x - y).
Hypothesis tau0 : forall i, tau (0 : signal V n i) = 0.
Hypothesis C_ge0 : forall i, 0 <= C i.
Hypothesis normB : forall (i : 'I_l) (sg : floor_coef n K i -> bool) (x : signal V n i),
  NX (target_layer (@B i) (fun c => (-1) ^+ sg c) x : signal V n i.+1) <= C i * NX x.
(* the group *)
Hypothesis b1_equivariant : forall i k g (x : V i), b1 k (rho i g x) = rho i g (b1 k x).
Hypothesis B_equivariant : forall (i : 'I_l) (k : 'I_(K i)) g (x : V i),
  B k (rho i g x) = rho i.+1 g (B k x).
Hypothesis sigma_equivariant : forall i g (x : V i), sigma (rho i g x) = rho i g (sigma x).
Hypothesis tau_equivariant : forall i g (x : signal V n i),
  tau (on_signal rho g x) = on_signal rho g (tau x).
(* the accuracy, the grid and the widths *)
Hypotheses (l_gt0 : (0 < l)%N) (e_ge24 : (24 <= e)%N) (s_gt0 : (0 < s)%N).
Hypotheses (eps_ge0 : 0 <= eps) (eps_le1 : eps <= 1).
Hypothesis accuracy : forall i, (i < l)%N -> 5%:R * l%:R * C i <= s%:R * eps.
Hypothesis failure : forall i, (i < l)%N ->
  (16 * l * (n i * n i.+1 * K i) * s ^ 2)%:R <= dlt * 2%:R ^+ L i.
Hypothesis width : forall i, (i < l)%N -> (51 * L i <= N i)%N.

Notation M := (e * s).*2.
Notation weights := {ffun network_index l n N K1 K -> weight M}.
Notation pruned om m := (random_network b1 B sigma tau om m).
Notation target lam := (target_network B tau lam).

Theorem strong_lottery_ticket :
  exists2 bad : {set weights}, Pr bad <= dlt &
    forall om : weights, om \notin bad ->
    forall lam : (forall i : 'I_l, floor_coef n K i -> R),
      (forall (i : 'I_l) c, `|lam i c| <= 1) ->
      (forall (i : 'I_l) (x : signal V n i),
         NX (target_layer (@B i) (lam i) x : signal V n i.+1) <= NX x) ->
    exists m : network_index l n N K1 K -> bool,
      (forall x, NX (x : signal V n 0) <= 1 ->
         NX (pruned om m x - target lam x : signal V n l) <= eps) /\
      (forall g x, pruned om m (on_signal rho g x) = on_signal rho g (pruned om m x)).
Proof.
have e0 : (0 < e)%N by apply: leq_trans e_ge24.
have b0 : (0 < e * s)%N by rewrite muln_gt0 e0.
have eM : (e < M)%N by rewrite -addnn; apply: (@leq_trans (e * s + 1)); rewrite ?addn1 ?ltnS ?leq_pmulr // -addn1 leq_add2l.
exists (network_bad l (e * s) e e n N K id1).
  apply: le_trans (network_bad_prob l n N K id1 b0 eM eM) _.
  apply: (@le_trans _ _ (\sum_(i < l) dlt / l%:R)); last first.
    by rewrite sumr_const card_ord -mulr_natr divfK // pnatr_eq0 -lt0n.
  apply: ler_sum => i _; have := log_width e_ge24 s_gt0 (width (ltn_ord i)).
  set pb := product_bound _ _ _ _ => hpb; have := failure (ltn_ord i).
  move=> hf; rewrite ler_pdivl_mulr ?ltr0n //.
  apply: (@le_trans _ _ ((2 * (n i.+1 * n i * K i))%:R * ((8 * s ^ 2)%:R / 2%:R ^+ L i) * l%:R)).
    by rewrite ler_wpmul2r ?ler0n // ler_wpmul2l ?ler0n.
  rewrite mulrA mulrAC ler_pdivr_mulr ?exprn_gt0 ?ltr0n //; apply: le_trans hf.
  by rewrite -!natrM le_eqVlt; apply/orP; left; apply/eqP; congr (_%:R); lia.
move=> om good lam lam1 lam_norm.
have [m hm] := lottery_ticket_network b0 b1_id sigmaZ sigma_split sNX sigma_le
  tau_lip tau0 C_ge0 normB good lam1 lam_norm.
exists m; split=> [x x1|g x]; last exact: pruned_network_equivariant.
apply: le_trans (hm x) _.
have err0 i : 0 <= layer_error (e * s) e e (C i).
  by rewrite /layer_error !mulr_ge0 ?invr_ge0 ?ler0n ?C_ge0.
have p0 : 0 <= \prod_(i < l) (1 + layer_error (e * s) e e (C i)) - 1.
  rewrite subr_ge0; elim/big_ind: _ => // [u v u1 v1|i _]; last by rewrite ler_addl.
  by rewrite -[1]mul1r ler_pmul ?ler01.
apply: (@le_trans _ _ (\prod_(i < l) (1 + layer_error (e * s) e e (C i)) - 1)).
  by rewrite -[X in _ <= X]mulr1; apply: ler_wpmul2l.
apply: (@prod_error R l (fun i => layer_error (e * s) e e (C i))) => // i lt_il.
apply: le_trans (layer_error_le e_ge24 s_gt0 (C_ge0 i)) _.
have s0 : 0 < s%:R :> R by rewrite ltr0n.
rewrite ler_pdivl_mulr ?ltr0n ?muln_gt0 // mulrAC ler_pdivr_mulr //.
have := accuracy lt_il; rewrite [s%:R * _]mulrC => h; apply: le_trans h.
rewrite natrM le_eqVlt; apply/orP; left; apply/eqP.
by field.
Qed.

End Main.
