(******************************************************************************)
(* One layer (Lemma 1 of Ferbach et al., companion A4).                       *)
(*                                                                            *)
(* A target layer with n input channels, n' output channels and coefficients  *)
(* lam in a basis b_1, ..., b_K of linear maps V -> W is approximated by a    *)
(* pruned random layer with n * N hidden channels, pairs (p, j), p < n, j < N:*)
(*                                                                            *)
(*   hidden_(p, j) = sigma (\sum_(p', k') m u_(p j p' k') b1_k' x_p')         *)
(*   output_q      = \sum_(p, j, k) m v_(q p j k) b_k hidden_(p, j)           *)
(*                                                                            *)
(* where every u and v is an independent random weight k / M, k uniform on    *)
(* {+-1, ..., +-M}, M = 2 b, and each m is the bit (0 or 1) of the mask for   *)
(* that weight.  b1_1, ..., b1_K1 are linear maps V -> V, one of which, of    *)
(* index id1, is the identity; sigma is positively homogeneous with           *)
(* sigma x - sigma (- x) = x, as ReLU.                                        *)
(*     layer_index n n' N K1 K == the index set of all weights of the layer   *)
(*     random_layer om m x     == the layer above, weights om, mask m         *)
(*     target_layer lam x      == \sum_(p, k) lam (q, p, k) b_k x_p, for all q*)
(*     layer_error b e C       == 2 (e + 1) / M * C                           *)
(*     layer_bad emb           == the event that some pool misses a target;   *)
(*        emb maps the weights of the layer into those of a larger network    *)
(* Main results:                                                              *)
(*     layer_bad_prob   : layer_bad has probability at most                   *)
(*        2 n n' K product_bound                                              *)
(*     lottery_ticket_layer : outside layer_bad, for all targets with         *)
(*        |lam| <= 1 there is a mask such that                                *)
(*        |random_layer x - target_layer x| <= layer_error * |x| for every x. *)
(* C bounds the operator norm of every signed sum of the stacked basis        *)
(* (kappa (x) B in the paper), for any seminorms on the stacked spaces.       *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut ProductLaw Probability LayerError.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The samples (u, v) read from the weights om along the injection e. *)
Section Pool.
Variables (M n : nat) (I : finType) (e : 'I_n * bool -> I).
Notation sample := [finType of weight M * weight M].

Definition pool (om : {ffun I -> weight M}) : n.-tuple sample :=
  [tuple (om (e (j, false)), om (e (j, true))) | j < n].

Lemma pool_prob (P : pred (n.-tuple sample)) : (0 < M)%N -> injective e ->
  Pr [set om | P (pool om)] = Pr [set xs | P xs].
Proof.
move=> M0 e_inj; have -> : [set om | P (pool om)] = pool @^-1: [set xs | P xs].
  by apply/setP => om; rewrite !inE.
have w0 : (0 < #|weight M|)%N by rewrite card_weight double_gt0.
apply: (@Pr_preim _ _ _ (#|weight M| ^ (#|I| - #|[finType of 'I_n * bool]|))).
  by rewrite expn_gt0 w0.
move=> xs; pose y := [ffun jb : 'I_n * bool =>
  if jb.2 then (tnth xs jb.1).2 else (tnth xs jb.1).1] : {ffun 'I_n * bool -> weight M}.
rewrite -(card_marginal e_inj y); apply: eq_card => om; rewrite !inE.
apply/eqP/eqP => [E|E].
  apply/ffunP => -[j [|]]; rewrite !ffunE -E tnth_mktuple //.
apply/eq_from_tnth => j; rewrite tnth_mktuple.
have := congr1 (fun f : {ffun _ -> _} => (f (j, false), f (j, true))) E.
by rewrite !ffunE /= => ->; case: (tnth xs j).
Qed.

End Pool.

Definition hidden (n N : nat) : finType := [finType of 'I_n * 'I_N].
Definition layer_index (n n' N K1 K : nat) : finType :=
  [finType of (hidden n N * ('I_n * 'I_K1)) + ('I_n' * hidden n N * 'I_K)].
Definition coef_index (n n' K : nat) : finType := [finType of 'I_n' * 'I_n * 'I_K].

Section Layer.
Variables (R : realFieldType) (V W : lmodType R) (n n' N K1 K M : nat).
Variables (b1 : 'I_K1 -> {linear V -> V}) (B : 'I_K -> {linear V -> W}).
Variable sigma : V -> V.
Notation index := (layer_index n n' N K1 K).
Notation coef := (coef_index n n' K).

Definition wreal (w : weight M) : R := (wval w)%:~R / M%:R.

Section Definitions.
Variables (om : index -> weight M) (m : index -> bool).
Definition kept (i : index) : R := if m i then wreal (om i) else 0.

Definition hidden_layer (x : {ffun 'I_n -> V}) (h : hidden n N) : V :=
  sigma (\sum_(c : 'I_n * 'I_K1) kept (inl (h, c)) *: b1 c.2 (x c.1)).
Definition random_layer (x : {ffun 'I_n -> V}) : {ffun 'I_n' -> W} :=
  [ffun q => \sum_(c : hidden n N * 'I_K)
               kept (inr (q, c.1, c.2)) *: B c.2 (hidden_layer x c.1)].
End Definitions.

Definition target_layer (lam : coef -> R) (x : {ffun 'I_n -> V}) : {ffun 'I_n' -> W} :=
  [ffun q => \sum_(c : 'I_n * 'I_K) lam (q, c.1, c.2) *: B c.2 (x c.1)].

Definition act (x : {ffun 'I_n -> V}) : {ffun 'I_n -> V} := [ffun p => sigma (x p)].

(* target_layer is linear in the coefficients and in the signal *)
Definition unit_layer (x : {ffun 'I_n -> V}) (c : coef) : {ffun 'I_n' -> W} :=
  [ffun q => if q == c.1.1 then B c.2 (x c.1.2) else 0].

Lemma target_layer_comb lam x : target_layer lam x = comb (unit_layer x) lam.
Proof.
apply/ffunP => q; rewrite ffunE sum_ffunE.
rewrite [RHS](bigID (fun c : coef => c.1.1 == q)) /= [X in _ + X]big1 ?addr0; last first.
  by move=> c ne; rewrite !ffunE eq_sym (negbTE ne) scaler0.
rewrite (reindex (fun c : 'I_n * 'I_K => (q, c.1, c.2) : coef)) /=; last first.
  exists (fun c : coef => (c.1.2, c.2)) => [[p k] _ //|[[q' p] k] /=].
  by rewrite inE => /= /eqP->.
under [RHS]eq_bigl => c do rewrite eqxx.
by apply: eq_bigr => c _; rewrite !ffunE eqxx.
Qed.

Lemma target_layerB lam x y : target_layer lam (x - y) = target_layer lam x - target_layer lam y.
Proof.
apply/ffunP => q; rewrite !ffunE -sumrB; apply: eq_bigr => c _.
by rewrite !ffunE linearB scalerBr.
Qed.

Lemma target_layer_addl l1 l2 x :
  target_layer l1 x + target_layer l2 x = target_layer (fun c => l1 c + l2 c) x.
Proof.
apply/ffunP => q; rewrite !ffunE -big_split; apply: eq_bigr => c _.
by rewrite scalerDl.
Qed.

Lemma target_layer_oppl l x : - target_layer l x = target_layer (fun c => - l c) x.
Proof.
apply/ffunP => q; rewrite !ffunE -sumrN; apply: eq_bigr => c _.
by rewrite scaleNr.
Qed.

End Layer.

(* every real of [-1, 1] lies within 1 / M of the window *)
Lemma grid_round (R : realFieldType) b (r : R) : (0 < b)%N -> `|r| <= 1 ->
  exists z : 'I_(2.*2 * b),
    `|((z : nat)%:Z - (b.*2)%:Z)%:~R / b.*2%:R - r| <= 1 / b.*2%:R.
Proof.
move=> b0; set M := b.*2; have WE : (2.*2 * b)%N = M.*2 by rewrite /M -!mul2n mulnA.
have M0 : 0 < M%:R :> R by rewrite ltr0n double_gt0.
rewrite ler_norml => /andP[r1 r2].
pose P z := (z < M.*2)%N && ((z%:Z - M%:Z)%:~R <= r * M%:R).
have P0 : exists z, P z.
  exists 0%N; rewrite /P double_gt0 double_gt0 b0 /= sub0r rmorphN /= -mulN1r.
  by rewrite ler_pmul2r.
have Pmax z : P z -> (z <= M.*2)%N by case/andP => /ltnW.
case: (ex_maxnP P0 Pmax) => z /andP[ltz le_zr] zmax.
have ltz' : (z < 2.*2 * b)%N by rewrite WE.
have up : r * M%:R <= (z%:Z - M%:Z)%:~R + 1.
  have zS : (z%:Z - M%:Z)%:~R + 1 = (z.+1%:Z - M%:Z)%:~R :> R.
    by rewrite -[X in _ + X]/(1%:~R) -rmorphD /=; congr (_%:~R); lia.
  have [lt|ge] := ltnP z.+1 M.*2; last first.
    rewrite zS (_ : (z.+1%:Z - M%:Z) = M%:Z); last by lia.
    by rewrite -[X in _ <= X]mul1r ler_pmul2r.
  rewrite zS leNgt; apply/negP => lt'; have := zmax z.+1; rewrite /P lt (ltW lt') => /(_ isT).
  by rewrite ltnn.
exists (Ordinal ltz') => /=.
have -> : (z%:Z - M%:Z)%:~R / M%:R - r = ((z%:Z - M%:Z)%:~R - r * M%:R) / M%:R.
  by rewrite mulrBl mulfK // gt_eqF.
rewrite normrM normfV (gtr0_norm M0) ler_pmul2r ?invr_gt0 // distrC ger0_norm ?subr_ge0 //.
by rewrite ler_subl_addl.
Qed.

Section Lemma1.
Variables (R : realFieldType) (V W : lmodType R) (n n' N K1 K b e0 e1 : nat).
Notation M := b.*2.
Notation index := (layer_index n n' N K1 K).
Notation coef := (coef_index n n' K).
Variables (b1 : 'I_K1 -> {linear V -> V}) (B : 'I_K -> {linear V -> W}) (id1 : 'I_K1).
Variable sigma : V -> V.
Variables (I : finType) (emb : index -> I).
Hypotheses (b_gt0 : (0 < b)%N) (e0M : (e0 < M)%N) (e1M : (e1 < M)%N).
Hypothesis emb_inj : injective emb.

Definition pool_emb (c : coef) (jb : 'I_N * bool) : I :=
  emb (if jb.2 then inr (c.1.1, (c.1.2, jb.1), c.2)
       else inl ((c.1.2, jb.1), (c.1.2, id1))).

Lemma pool_emb_inj c : injective (pool_emb c).
Proof. by move=> [j [|]] [j' [|]] /emb_inj //= [->]. Qed.

Definition layer_bad : {set {ffun I -> weight M}} :=
  \bigcup_(cs : coef * bool)
    [set om | missed cs.2 (e0 + e1) (pool (pool_emb cs.1) om)].

Theorem layer_bad_prob :
  Pr layer_bad <= (2 * (n' * n * K))%:R * product_bound b e0 e1 N.
Proof.
apply: le_trans (Pr_union _) _.
apply: (@le_trans _ _ (\sum_(cs : coef * bool) product_bound b e0 e1 N)).
  apply: ler_sum => -[c s] _ /=.
  rewrite (pool_prob (fun xs => missed s (e0 + e1) xs)) ?double_gt0 //; last exact: pool_emb_inj.
  by rewrite /Pr card_tuple natrX; exact: product_subset_sum.
by rewrite sumr_const !card_prod card_bool !card_ord mulr_natl mulnC.
Qed.

Hypothesis b1_id : forall x, b1 id1 x = x.
Hypothesis sigmaZ : forall c x, 0 <= c -> sigma (c *: x) = c *: sigma x.
Hypothesis sigma_split : forall x, sigma x - sigma (- x) = x.
Variables (NX : {ffun 'I_n -> V} -> R) (NY : {ffun 'I_n' -> W} -> R) (C : R).
Hypotheses (sNX : seminorm NX) (sNY : seminorm NY).
Hypothesis act_le : forall x, NX (act sigma x) <= NX x.
Hypothesis normB : forall (s : coef -> bool) x,
  NY (target_layer B (fun c => (-1) ^+ s c) x) <= C * NX x.

Definition layer_error : R := 2%:R * ((e0 + e1).+1%:R / M%:R) * C.

Section Outside.
Variable om : {ffun I -> weight M}.
Hypothesis om_good : om \notin layer_bad.

Let sgn (p : 'I_n) (j : 'I_N) : bool := (om (emb (inl ((p, j), (p, id1))))).1.

Lemma pool_hits (c : coef) (s : bool) (r : R) : `|r| <= 1 ->
  exists m : N.-tuple bool,
   `|(psum s (pool (pool_emb c) om) m)%:~R / (M ^ 2)%:R - r| <= (e0 + e1).+1%:R / M%:R.
Proof.
move=> r1; have [z zr] := grid_round b_gt0 r1.
have M0 : 0 < M%:R :> R by rewrite ltr0n double_gt0.
have : ~~ missed s (e0 + e1) (pool (pool_emb c) om).
  by apply: contra om_good => h; apply/bigcupP; exists (c, s); rewrite ?inE.
rewrite negb_exists => /forallP/(_ z); rewrite negb_forall => /existsP[m].
rewrite -leNgt => Hm; exists m; set ps := psum _ _ _ in Hm *.
have -> : ps%:~R / (M ^ 2)%:R - r = (ps - center b z)%:~R / (M ^ 2)%:R
    + (((z : nat)%:Z - M%:Z)%:~R / M%:R - r).
  rewrite addrA; congr (_ - _); rewrite rmorphB /= mulrBl /center rmorphM /= expnS expn1 natrM.
  by rewrite -[X in _ - X]mulf_div divff ?gt_eqF // mulr1 subrK.
apply: le_trans (ler_norm_add _ _) _; have -> : (e0 + e1).+1%:R = (e0 + e1)%:R + 1 :> R by rewrite -addn1 natrD.
rewrite mulrDl; apply: ler_add => //; rewrite normrM normfV [`|(_)%:R|]ger0_norm ?ler0n // -intr_norm.
rewrite expnS expn1 natrM invfM mulrA ler_pmul2r ?invr_gt0 // ler_pdivr_mulr //.
by rewrite -natrM -[_%:R]/((Posz _)%:~R) ler_int PoszM.
Qed.

Lemma psumE (c : coef) (s : bool) (m : N.-tuple bool) :
  (psum s (pool (pool_emb c) om) m)%:~R / (M ^ 2)%:R =
  \sum_(j < N | tnth m j && (sgn c.1.2 j == s))
    ((magnitude (om (emb (inl ((c.1.2, j), (c.1.2, id1)))))) %:~R / M%:R)
      * wreal R (om (emb (inr (c.1.1, (c.1.2, j), c.2)))) :> R.
Proof.
rewrite /psum big_mask_tuple rmorph_sum mulr_suml /=.
apply: eq_big => [j|j _]; first by rewrite -tnth_nth tnth_mktuple.
rewrite tnth_mktuple /= rmorphM /= expnS expn1 natrM invfM /wreal.
by rewrite mulrACA.
Qed.

Theorem lottery_ticket_layer (lam : coef -> R) : (forall c, `|lam c| <= 1) ->
  exists m : index -> bool, forall x,
    NY (random_layer b1 B sigma (om \o emb) m x - target_layer B lam x) <= layer_error * NX x.
Proof.
move=> lam1.
have choose (cs : coef * bool) : exists m : N.-tuple bool,
   `|(psum cs.2 (pool (pool_emb cs.1) om) m)%:~R / (M ^ 2)%:R - (-1) ^+ cs.2 * lam cs.1|
     <= (e0 + e1).+1%:R / M%:R.
  by apply: pool_hits; rewrite normrM normrX normrN1 expr1n mul1r.
have [bs bsP] := fin_all_exists choose.
pose mu (s : bool) (c : coef) : R := (psum s (pool (pool_emb c) om) (bs (c, s)))%:~R / (M ^ 2)%:R.
pose m (i : index) : bool := match i with
  | inl (h, c) => c == (h.1, id1)
  | inr (q, h, k) => tnth (bs ((q, h.1, k), sgn h.1 h.2)) h.2 end.
exists m => x; pose sx s : {ffun 'I_n -> V} := [ffun p => sigma ((-1) ^+ s *: x p)].
have E1 : random_layer b1 B sigma (om \o emb) m x
   = target_layer B (mu false) (sx false) + target_layer B (mu true) (sx true).
  apply/ffunP => q; rewrite !ffunE -big_split /=.
  have hid p j : hidden_layer b1 sigma (om \o emb) m x (p, j)
      = ((magnitude (om (emb (inl ((p, j), (p, id1)))))) %:~R / M%:R : R)
          *: sigma ((-1) ^+ sgn p j *: x p).
    rewrite /hidden_layer (bigD1 (p, id1)) //= [X in _ + X]big1 ?addr0; last first.
      by move=> c ne; rewrite /kept /m /= (negbTE ne) scale0r.
    rewrite /kept /m /= eqxx b1_id -sigmaZ ?divr_ge0 ?ler0n ?ler0z //.
    rewrite scalerA /wreal /wval /sgn; case: (om _) => [[|] k] /=.
      by rewrite expr1 mulrN1 rmorphN mulNr.
    by rewrite expr0 mulr1.
  pose G (c : 'I_n * 'I_K) (j : 'I_N) : W :=
    kept R (om \o emb) m (inr (q, (c.1, j), c.2)) *: B c.2 (hidden_layer b1 sigma (om \o emb) m x (c.1, j)).
  transitivity (\sum_c \sum_j G c j).
    rewrite pair_bigA /= (reindex (fun c : hidden n N * 'I_K => ((c.1.1, c.2), c.1.2))) /=.
      by apply: eq_bigr => -[[p j] k] _.
    by exists (fun c => ((c.1.1, c.2), c.1.2)) => [[[p j] k]|[[p k] j]].
  apply: eq_bigr => -[p k] _ /=.
  have half s : mu s (q, p, k) *: B k (sx s p) = \sum_j (if sgn p j == s then G (p, k) j else 0).
    rewrite /mu psumE scaler_suml [LHS]big_mkcond /=; apply: eq_bigr => j _.
    rewrite /G /= hid /kept /m /= linearZ scalerA ffunE.
    have [<-|_] := eqVneq; last by rewrite andbF.
    rewrite andbT; case: ifP => _; last by rewrite mul0r scale0r.
    by rewrite mulrC.
  rewrite !half -big_split; apply: eq_bigr => j _ /=.
  by case: (sgn p j); rewrite ?addr0 ?add0r.
have E2 : target_layer B lam x = target_layer B lam (sx false) - target_layer B lam (sx true).
  rewrite -target_layerB; congr (target_layer B lam _); apply/ffunP => p.
  by rewrite !ffunE scale1r scaleN1r sigma_split.
have -> : random_layer b1 B sigma (om \o emb) m x - target_layer B lam x
   = target_layer B (fun c => mu false c - lam c) (sx false)
     + target_layer B (fun c => mu true c + lam c) (sx true).
  by rewrite E1 E2 -!target_layer_addl -target_layer_oppl opprB [_ - _]addrC addrACA.
have eta0 : 0 < (e0 + e1).+1%:R / M%:R :> R by rewrite divr_gt0 ?ltr0n ?double_gt0.
have bound (beta : coef -> R) y : (forall c, `|beta c| <= (e0 + e1).+1%:R / M%:R) ->
    NY (target_layer B beta y) <= (e0 + e1).+1%:R / M%:R * (C * NX y).
  move=> hb; rewrite target_layer_comb; apply: comb_error => // s.
  by rewrite -target_layer_comb.
have nsx s : NX (sx s) <= NX x.
  have -> : sx s = act sigma ((-1) ^+ s *: x) by apply/ffunP => p; rewrite !ffunE.
  by apply: le_trans (act_le _) _; rewrite seminormZ // normrX normrN1 expr1n mul1r.
have C_mono s : C * NX (sx s) <= C * NX x.
  have [C0|C0] := lerP 0 C; first exact: ler_wpmul2l.
  have NX0 u : NX u = 0.
    apply/le_anti; rewrite seminorm_ge0 // andbT -(nmulr_rge0 _ C0).
    by apply: le_trans (normB (fun=> false) u); exact: seminorm_ge0.
  by rewrite !NX0.
apply: le_trans (seminormD sNY _ _) _.
apply: le_trans (ler_add (bound _ _ _) (bound _ _ _)) _.
- by move=> c; have := bsP (c, false); rewrite /= mul1r.
- by move=> c; have := bsP (c, true); rewrite /= mulN1r opprK.
apply: le_trans (ler_add (ler_wpmul2l (ltW eta0) (C_mono _)) (ler_wpmul2l (ltW eta0) (C_mono _))) _.
by rewrite /layer_error -mulr2n -[X in X <= _]mulr_natl !mulrA.
Qed.

End Outside.
End Lemma1.
