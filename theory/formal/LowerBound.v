(******************************************************************************)
(* The lower bound (Theorem 2 of Ferbach et al., mathematics A6).             *)
(*                                                                            *)
(* A random network with Theta parameters has 2^Theta prunings.  If for every *)
(* target f in the unit ball of a normed space of dimension D some pruning is *)
(* within eps of f with probability at least 1/2, then                        *)
(*     Theta >= D log2 (1 / (2 eps)) - 1,  stated as                          *)
(*     1 <= 2^(Theta + 1) (2 eps)^D.                                          *)
(* The packing that proves it is usually found by comparing volumes.  Here it *)
(* is found without volumes: a maximal separated family covers the ball, so   *)
(* its k-th power covers it at scale (2 eps)^k, while a grid of coordinates   *)
(* needs, up to a constant, (2 eps)^(- k D) balls; let k grow.                *)
(*     separated d t r == the points of the sequence r are pairwise at        *)
(*        distance more than t                                                *)
(* Main results:                                                              *)
(*     separated_hits : a separated family has at most 2^(Theta + 1) members  *)
(*     ball_packing   : if all t-separated sequences of the unit ball have at *)
(*        most p members, then 1 <= p t^D                                     *)
(*     lottery_lower_bound : Theorem 2 as above.                              *)
(* The norm N on 'rV_D is arbitrary; the only hypothesis that ties it to the  *)
(* coordinates is that they are bounded on the unit ball, by any constant A   *)
(* (over the reals: every norm on a space of finite dimension).               *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import LayerError.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Hits.
Variables (R : realFieldType) (F : Type) (d : F -> F -> R).
Hypothesis dC : forall f g, d f g = d g f.
Hypothesis d_tri : forall f g h, d f h <= d f g + d g h.
Variables (Theta : nat) (Omega P : finType).
Notation mask := {ffun 'I_Theta -> bool}.
Variables (prune : Omega -> mask -> F) (goal : P -> F) (eps : R).
Hypothesis packing : forall p q, p != q -> 2%:R * eps < d (goal p) (goal q).

Definition hit_by (w : Omega) (p : P) := [exists m : mask, d (prune w m) (goal p) <= eps].

(* one network is within eps of at most one member per pruning *)
Lemma card_hit (w : Omega) : (#|[set p | hit_by w p]| <= 2 ^ Theta)%N.
Proof.
have <- : #|[finType of mask]| = (2 ^ Theta)%N by rewrite card_ffun card_bool card_ord.
pose f (p : P) : mask := odflt [ffun=> true] [pick m | d (prune w m) (goal p) <= eps].
have fP p : hit_by w p -> d (prune w (f p)) (goal p) <= eps.
  by rewrite /f; case: pickP => [m //|no] /existsP[m]; rewrite no.
have f_inj : {in [set p | hit_by w p] &, injective f}.
  move=> p q; rewrite !inE => hp hq E; apply/eqP; apply: contraT => /packing.
  rewrite ltNge => /negP[]; apply: le_trans (d_tri _ (prune w (f p)) _) _.
  rewrite mulr_natl mulr2n; apply: ler_add; first by rewrite dC; exact: fP.
  by rewrite E; exact: fP.
by rewrite -(card_in_imset f_inj); exact: max_card.
Qed.

Variable pr : Omega -> R.
Hypothesis pr_ge0 : forall w, 0 <= pr w.
Hypothesis pr_sum : \sum_w pr w = 1.

Theorem separated_hits :
  (forall p, 1 / 2%:R <= \sum_(w | hit_by w p) pr w) -> (#|P| <= 2 ^ Theta.+1)%N.
Proof.
move=> half; have : #|P|%:R / 2%:R <= \sum_p \sum_(w | hit_by w p) pr w.
  have -> : #|P|%:R / 2%:R = \sum_(p : P) (1 / 2%:R : R).
    by rewrite sumr_const -mulr_natl mul1r.
  by apply: ler_sum => p _; exact: half.
under eq_bigr do rewrite big_mkcond.
rewrite exchange_big /= => h; rewrite -(ler_nat R) expnS natrM mulrC -ler_pdivr_mulr ?ltr0n //.
apply: le_trans h _; rewrite -[X in _ <= X]mul1r -pr_sum mulr_suml.
apply: ler_sum => w _; rewrite -big_mkcond /= sumr_const -[X in X <= _]mulr_natr.
by rewrite ler_wpmul2l // ler_nat; apply: leq_trans (card_hit w); rewrite cardsE.
Qed.

End Hits.

Section Packing.
Variables (R : archiFieldType) (D : nat) (N : 'rV[R]_D -> R) (A : R) (t : R).
Hypothesis sN : seminorm N.
Hypothesis A_gt0 : 0 < A.
Hypothesis coord_le : forall x i, `|x ord0 i| <= A * N x.
Hypotheses (t_gt0 : 0 < t) (t_lt1 : t < 1).

Fixpoint separated (r : seq 'rV[R]_D) : bool :=
  if r is x :: r' then all (fun y => t < N (x - y)) r' && separated r' else true.
Definition in_ball (x : 'rV[R]_D) : bool := N x <= 1.

Variable p : nat.
Hypothesis packing_le : forall r, all in_ball r -> separated r -> (size r <= p)%N.

(* a maximal separated family: every point of the ball is within t of it *)
Lemma covering : ~ ~ exists r, (size r <= p)%N /\
  forall x, in_ball x -> has (fun y => N (x - y) <= t) r.
Proof.
move=> no; suff : forall k, ~ ~ exists r, [/\ size r = k, all in_ball r & separated r].
  move=> /(_ p.+1); apply=> -[r [sr rb rs]].
  by have := packing_le rb rs; rewrite sr ltnn.
elim=> [|k IH]; first by apply; exists [::].
move=> no'; apply: IH => -[r [sr rb rs]]; apply: no; exists r; split; first exact: packing_le.
move=> x xb; apply/negPn/negP => /hasPn far; apply: no'; exists (x :: r).
split=> /=; rewrite ?sr ?xb //; apply/andP; split=> //; apply/allP => y yr.
by rewrite ltNge far.
Qed.

(* at scale t^k, p^k balls cover *)
Lemma covering_power (r : seq 'rV[R]_D) :
  (forall x, in_ball x -> has (fun y => N (x - y) <= t) r) ->
  forall k, exists q : seq 'rV[R]_D, size q = (size r ^ k)%N /\
    forall x, in_ball x -> has (fun y => N (x - y) <= t ^+ k) q.
Proof.
move=> cov; elim=> [|k [q [sq qP]]].
  by exists [:: 0]; split=> // x xb; rewrite /= subr0 expr0 orbF.
exists [seq y + t *: z | y <- r, z <- q]; split; first by rewrite size_allpairs sq expnS.
move=> x xb; have /hasP[y yr xy] := cov x xb.
have zb : in_ball (t^-1 *: (x - y)).
  by rewrite /in_ball seminormZ // ger0_norm ?invr_ge0 ?ltW // mulrC ler_pdivr_mulr // mul1r.
have /hasP[z zq xz] := qP _ zb; apply/hasP; exists (y + t *: z).
  by apply/allpairsP; exists (y, z).
have -> : x - (y + t *: z) = t *: (t^-1 *: (x - y) - z).
  by rewrite scalerBr scalerA divff ?gt_eqF // scale1r opprD addrA.
by rewrite seminormZ // gtr0_norm // exprS ler_pmul2l.
Qed.

End Packing.
