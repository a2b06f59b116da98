(******************************************************************************)
(* The network (Theorem 1 of Ferbach et al.).                                 *)
(*                                                                            *)
(* A target network of l layers with feature spaces V 0, ..., V l, n i        *)
(* channels in floor i and a basis B i of K i linear maps V i -> V i.+1 is    *)
(*     target_network lam x = f_(l-1) (tau_(l-1) (... f_0 (tau_0 x)))         *)
(* with f_i = target_layer (B i) (lam i).  The random network has the layer   *)
(* random_layer in place of each f_i: two layers of random weights and a      *)
(* sigma_i between them, so 2 l layers in all.  tau_i is any 1-Lipschitz map  *)
(* with tau_i 0 = 0: in the paper tau_0 = id and tau_i = ReLU for i > 0.      *)
(*     network_index == the index set of all random weights                   *)
(*     random_network om m x == the random network, weights om, mask m        *)
(*     network_bad   == the union over the layers of layer_bad                *)
(* Main results:                                                              *)
(*     network_bad_prob : the probability of network_bad is at most           *)
(*        \sum_i 2 n_i n_(i+1) K_i product_bound                              *)
(*     lottery_ticket_network : outside network_bad, for all targets with     *)
(*        |lam| <= 1 and layers of operator norm at most 1 there is a mask m  *)
(*        with |random_network x - target_network x|                          *)
(*           <= (\prod_i (1 + layer_error_i) - 1) |x| for every x             *)
(*     pruned_network_equivariant : for every weights and every mask the      *)
(*        random network is equivariant, if the bases, sigma and tau are.     *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From lottery Require Import ProductLaw Probability LayerError LotteryLayer.
From lottery Require Import ErrorComposition.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Network.
Variables (R : realFieldType) (l b e0 e1 : nat).
Variables (V : nat -> lmodType R) (n N K1 K : nat -> nat).
Variables (b1 : forall i, 'I_(K1 i) -> {linear V i -> V i}).
Variables (B : forall i, 'I_(K i) -> {linear V i -> V i.+1}).
Variables (id1 : forall i, 'I_(K1 i)).
Variables (sigma : forall i, V i -> V i).
Notation M := b.*2.

Definition signal (i : nat) : lmodType R := [lmodType R of {ffun 'I_(n i) -> V i}].
Definition floor_index (i : nat) : finType := layer_index (n i) (n i.+1) (N i) (K1 i) (K i).
Definition floor_coef (i : nat) : finType := coef_index (n i) (n i.+1) (K i).
Definition network_index : finType := [finType of {i : 'I_l & floor_index i}].

Variable tau : forall i, signal i -> signal i.
Let S (i : nat) : Type := signal i.

Definition emb (i : 'I_l) (c : floor_index i) : network_index :=
  Tagged (fun i : 'I_l => floor_index i) c.

Lemma emb_inj i : injective (@emb i).
Proof. by move=> c d /eqP; rewrite /emb eq_Tagged => /eqP. Qed.

Definition target_network (lam : forall i : 'I_l, floor_coef i -> R) : S 0%N -> S l :=
  chain (fun i (x : S i) => target_layer (@B i) (lam i) (tau x)) (leqnn l).

Definition random_network (om : network_index -> weight M) (m : network_index -> bool) :
    S 0%N -> S l :=
  chain (fun i (x : S i) =>
    random_layer (@b1 i) (@B i) (@sigma i) (om \o @emb i) (m \o @emb i) (tau x)) (leqnn l).

Definition network_bad : {set {ffun network_index -> weight M}} :=
  \bigcup_(i < l) layer_bad b e0 e1 (id1 i) (@emb i).

Hypotheses (b_gt0 : (0 < b)%N) (e0M : (e0 < M)%N) (e1M : (e1 < M)%N).

Theorem network_bad_prob :
  Pr network_bad
    <= \sum_(i < l) (2 * (n i.+1 * n i * K i))%:R * product_bound b e0 e1 (N i).
Proof.
apply: le_trans (Pr_union _) _; apply: ler_sum => i _.
by apply: layer_bad_prob => //; exact: emb_inj.
Qed.

Hypothesis b1_id : forall i x, b1 (id1 i) x = x.
Hypothesis sigmaZ : forall i c (x : V i), 0 <= c -> sigma (c *: x) = c *: sigma x.
Hypothesis sigma_split : forall i (x : V i), sigma x - sigma (- x) = x.
Variable NX : forall i, signal i -> R.
Hypothesis sNX : forall i, seminorm (@NX i).
Hypothesis act_le : forall i (x : signal i), NX (act (@sigma i) x : signal i) <= NX x.
Hypothesis tau_lip : forall i (x y : signal i), NX (tau x - tau y) <= NX (x - y).
Hypothesis tau0 : forall i, tau (0 : signal i) = 0.
Variable C : nat -> R.
Hypothesis C_ge0 : forall i, 0 <= C i.
Hypothesis normB : forall (i : 'I_l) (s : floor_coef i -> bool) (x : signal i),
  NX (target_layer (@B i) (fun c => (-1) ^+ s c) x : signal i.+1) <= C i * NX x.

Theorem lottery_ticket_network (om : {ffun network_index -> weight M}) :
  om \notin network_bad ->
  forall lam : (forall i : 'I_l, floor_coef i -> R),
    (forall (i : 'I_l) c, `|lam i c| <= 1) ->
    (forall (i : 'I_l) (x : signal i), NX (target_layer (@B i) (lam i) x : signal i.+1) <= NX x) ->
  exists m : network_index -> bool, forall x,
    NX (random_network om m x - target_network lam x : signal l)
      <= (\prod_(i < l) (1 + layer_error b e0 e1 (C i)) - 1) * NX (x : signal 0%N).
Proof.
move=> om_good lam lam1 lam_norm.
have layers (i : 'I_l) : exists m : floor_index i -> bool, forall x : signal i,
    NX (random_layer (@b1 i) (@B i) (@sigma i) (om \o @emb i) m x
        - target_layer (@B i) (lam i) x : signal i.+1) <= layer_error b e0 e1 (C i) * NX x.
  have om_i : om \notin layer_bad b e0 e1 (id1 i) (@emb i).
    by apply: contra om_good => h; apply/bigcupP; exists i.
  exact: (lottery_ticket_layer b_gt0 (@b1_id i) (@sigmaZ i) (@sigma_split i)
            (sNX i) (sNX i.+1) (@act_le i) (@normB i) om_i (lam1 i)).
have [ms msP] := fin_all_exists layers.
pose m (t : network_index) : bool := ms (tag t) (tagged t).
exists m => x.
have err0 i : 0 <= layer_error b e0 e1 (C i).
  by rewrite /layer_error !mulr_ge0 ?invr_ge0 ?ler0n ?C_ge0.
apply: (@chain_error R l signal NX sNX
  (fun i x => target_layer (@B i) (lam i) (tau x))
  (fun i x => random_layer (@b1 i) (@B i) (@sigma i) (om \o @emb i) (m \o @emb i) (tau x))
  (fun i => layer_error b e0 e1 (C i)) err0).
- move=> i u v; rewrite -target_layerB.
  exact: le_trans (lam_norm _ _) (tau_lip _ _).
- by move=> i; rewrite tau0 -[X in target_layer _ _ X](subrr (0 : signal i)) target_layerB subrr.
- move=> i u; apply: le_trans (msP i (tau u)) _; apply: ler_wpmul2l => //.
  by have := tau_lip u 0; rewrite tau0 !subr0.
Qed.

Section Equivariance.
Variables (G : Type) (rho : forall i, G -> {linear V i -> V i}).
Hypothesis b1_equivariant : forall i k g (x : V i), b1 k (rho i g x) = rho i g (b1 k x).
Hypothesis B_equivariant : forall (i : 'I_l) (k : 'I_(K i)) g (x : V i),
  B k (rho i g x) = rho i.+1 g (B k x).
Hypothesis sigma_equivariant : forall i g (x : V i), sigma (rho i g x) = rho i g (sigma x).

Definition on_signal i (g : G) (x : signal i) : signal i := [ffun p => rho i g (x p)].
Hypothesis tau_equivariant : forall i g (x : signal i),
  tau (on_signal g x) = on_signal g (tau x).

Theorem pruned_network_equivariant om m g x :
  random_network om m (on_signal g x) = on_signal g (random_network om m x).
Proof.
apply: (chain_equivariant (a := fun i => @on_signal i g)) => i y.
rewrite tau_equivariant; set z := tau y; apply/ffunP => q; rewrite !ffunE linear_sum.
apply: eq_bigr => -[h k] _ /=; rewrite linearZ -B_equivariant; congr (_ *: B k _).
rewrite /hidden_layer -sigma_equivariant; congr (sigma _); rewrite linear_sum.
by apply: eq_bigr => c _; rewrite linearZ -b1_equivariant ffunE.
Qed.

End Equivariance.

End Network.
