(******************************************************************************)
(* Layers given by kernels on finite sets, in the sup norm.                   *)
(*                                                                            *)
(* A signal on a finite set X is x : {ffun X -> R}; a kernel m : Y -> X -> R  *)
(* is the linear map x |-> (y |-> \sum_z m y z * x z).                        *)
(*     kernel m    == that linear map                                         *)
(*     sup_norm x  == the largest |x p z| over channels p and points z        *)
(*     permute a x == the signal x read at a z instead of z                   *)
(*     relu        == max (x, 0), pointwise                                   *)
(* Main results:                                                              *)
(*     kernel_basis_norm : if \sum_k \sum_z |m k y z| <= c for every y, every *)
(*        signed sum of the stacked basis has norm at most n * c, that is     *)
(*        |||kappa (x) B||| <= n * c                                          *)
(*     kernel_equivariant : a kernel with m (g y) (g z) = m y z commutes with *)
(*        the permutations                                                    *)
(*     relu_split, relu_act_le, relu_act_lip : ReLU meets the hypotheses of   *)
(*        the theorem.                                                        *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From lottery Require Import LayerError LotteryLayer.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section SupNorm.
Variables (R : realFieldType) (n : nat) (X : finType).
Notation space := [lmodType R of {ffun X -> R^o}].
Notation signal := {ffun 'I_n -> space}.

Definition sup_norm (x : signal) : R := \big[Num.max/0]_(c : 'I_n * X) `|x c.1 c.2|.

Implicit Types (x y : signal).

Lemma sup_norm_ge0 x : 0 <= sup_norm x.
Proof. by rewrite /sup_norm; elim/big_ind: _ => // u v u0 v0; rewrite le_maxr u0. Qed.

Lemma sup_norm_le x u : 0 <= u -> (forall p z, `|x p z| <= u) -> sup_norm x <= u.
Proof.
move=> u0 H; rewrite /sup_norm; elim/big_ind: _ => // v w hv hw.
by rewrite le_maxl hv.
Qed.

Lemma le_sup_norm x p z : `|x p z| <= sup_norm x.
Proof.
rewrite /sup_norm; have : (p, z) \in index_enum [finType of 'I_n * X] by rewrite mem_index_enum.
elim: (index_enum _) => // c r IH; rewrite inE big_cons le_maxr => /orP[/eqP<-|/IH->].
  by rewrite lexx.
by rewrite orbT.
Qed.

Lemma sup_norm_seminorm : seminorm (sup_norm : [lmodType R of signal] -> R).
Proof.
split=> [u v|a u].
  apply: sup_norm_le => [|p z]; first by rewrite addr_ge0 ?sup_norm_ge0.
  by rewrite !ffunE; apply: le_trans (ler_norm_add _ _) _; rewrite ler_add ?le_sup_norm.
apply/le_anti/andP; split.
  apply: sup_norm_le => [|p z]; first by rewrite mulr_ge0 ?sup_norm_ge0.
  by rewrite !ffunE normrM ler_wpmul2l ?le_sup_norm.
have [->|a0] := eqVneq a 0; first by rewrite normr0 mul0r sup_norm_ge0.
rewrite mulrC -ler_pdivl_mulr ?normr_gt0 //.
apply: sup_norm_le => [|p z]; first by rewrite divr_ge0 ?sup_norm_ge0.
rewrite ler_pdivl_mulr ?normr_gt0 // mulrC -normrM.
by have := le_sup_norm (a *: u) p z; rewrite !ffunE.
Qed.

Definition relu (x : space) : space := [ffun z => Num.max (x z) 0].

Lemma relu_split (x : space) : relu x - relu (- x) = x.
Proof.
apply/ffunP => z; rewrite !ffunE; case: (leP (x z) 0) => h.
  by rewrite max_l ?oppr_ge0 // sub0r opprK.
by rewrite max_r ?subr0 // oppr_le0 ltW.
Qed.

Lemma reluZ c (x : space) : 0 <= c -> relu (c *: x) = c *: relu x.
Proof. by move=> c0; apply/ffunP => z; rewrite !ffunE /GRing.scale /= maxr_pmulr // mulr0. Qed.

Lemma relu_act_lip (x y : signal) : sup_norm (act relu x - act relu y) <= sup_norm (x - y).
Proof.
apply: sup_norm_le => [|p z]; first exact: sup_norm_ge0.
apply: le_trans (le_sup_norm (x - y) p z); rewrite !ffunE.
move: (x p z) (y p z) => u v; case: (leP u 0) => hu; case: (leP v 0) => hv //.
- by rewrite subrr normr0.
- rewrite sub0r normrN gtr0_norm // ler0_norm ?opprB ?ler_addl ?oppr_ge0 //.
  by rewrite subr_le0 (le_trans hu) ?ltW.
- rewrite subr0 gtr0_norm // ger0_norm ?ler_addl ?oppr_ge0 //.
  by rewrite subr_ge0 (le_trans hv) ?ltW.
Qed.

Lemma relu_act_le (x : signal) : sup_norm (act relu x) <= sup_norm x.
Proof.
apply: sup_norm_le => [|p z]; first exact: sup_norm_ge0.
apply: le_trans (le_sup_norm x p z); rewrite !ffunE.
by case: (leP (x p z) 0) => h; rewrite ?normr0.
Qed.

End SupNorm.

Section Kernel.
Variables (R : realFieldType) (X Y : finType).
Notation "'space' X" := [lmodType R of {ffun X -> R^o}] (at level 8, X at level 0).

Definition kernel_fun (m : Y -> X -> R) (x : space X) : space Y :=
  [ffun y => \sum_z m y z * x z].

Lemma kernel_linear m : linear (kernel_fun m).
Proof.
move=> a u v; apply/ffunP => y; rewrite !ffunE scaler_sumr -big_split.
by apply: eq_bigr => z _; rewrite !ffunE /= mulrDr [a *: _]/(a * _) mulrCA.
Qed.
Definition kernel m : {linear space X -> space Y} := Linear (kernel_linear m).

Lemma kernel_basis_norm n n' K (m : 'I_K -> Y -> X -> R) (c : R) : 0 <= c ->
  (forall y, \sum_k \sum_z `|m k y z| <= c) ->
  forall (s : coef_index n n' K -> bool) (x : {ffun 'I_n -> space X}),
  sup_norm (target_layer (fun k => kernel (m k)) (fun i => (-1) ^+ s i) x)
    <= n%:R * c * sup_norm x.
Proof.
move=> c0 hc s x; set u := sup_norm x; have u0 : 0 <= u := sup_norm_ge0 x.
apply: sup_norm_le => [|q y].
  by rewrite !mulr_ge0 ?ler0n.
rewrite ffunE sum_ffunE; apply: le_trans (ler_norm_sum _ _ _) _.
apply: (@le_trans _ _ (\sum_(i : 'I_n * 'I_K) (\sum_z `|m i.2 y z|) * u)).
  apply: ler_sum => i _; rewrite !ffunE normrM normrX normrN1 expr1n mul1r.
  apply: le_trans (ler_norm_sum _ _ _) _; rewrite mulr_suml; apply: ler_sum => z _.
  by rewrite normrM ler_wpmul2l // le_sup_norm.
rewrite -mulr_suml ler_wpmul2r //.
rewrite -(pair_bigA _ (fun (p : 'I_n) k => \sum_z `|m k y z|)) /=.
apply: (@le_trans _ _ (\sum_(p < n) c)); first by apply: ler_sum => p _; exact: hc.
by rewrite sumr_const card_ord -[X in X <= _]mulr_natl.
Qed.

Section Equivariance.
Variables (G : Type) (aX : G -> X -> X) (aY : G -> Y -> Y).
Hypothesis aX_bij : forall g, bijective (aX g).

Definition permute_fun (Z : finType) (a : Z -> Z) (x : space Z) : space Z := [ffun z => x (a z)].
Lemma permute_linear (Z : finType) (a : Z -> Z) : linear (permute_fun a).
Proof. by move=> t u v; apply/ffunP => z; rewrite !ffunE. Qed.
Definition permute (Z : finType) (a : Z -> Z) : {linear space Z -> space Z} :=
  Linear (permute_linear a).

Lemma kernel_equivariant m : (forall g y z, m (aY g y) (aX g z) = m y z) ->
  forall g x, kernel m (permute (aX g) x) = permute (aY g) (kernel m x).
Proof.
move=> hm g x; apply/ffunP => y; rewrite /= !ffunE.
rewrite [RHS](reindex (aX g)) /=; last by apply: onW_bij.
by apply: eq_bigr => z _; rewrite !ffunE hm.
Qed.

Lemma relu_equivariant (Z : finType) (a : Z -> Z) x : relu (permute a x) = permute a (relu x).
Proof. by apply/ffunP => z; rewrite !ffunE. Qed.

End Equivariance.
End Kernel.
