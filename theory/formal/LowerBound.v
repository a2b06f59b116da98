(******************************************************************************)
(* The lower bound (Theorem 2 of Ferbach et al., companion A6)  .             *)
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
    by rewrite sumr_const -[RHS]mulr_natl mul1r.
  by apply: ler_sum => p _; exact: half.
under eq_bigr do rewrite big_mkcond.
rewrite exchange_big /= => h; rewrite -(ler_nat R) expnS natrM mulrC -ler_pdivr_mulr ?ltr0n //.
apply: le_trans h _.
have -> : (2 ^ Theta)%:R = \sum_w pr w * (2 ^ Theta)%:R by rewrite -mulr_suml pr_sum mul1r.
apply: ler_sum => w _; rewrite -big_mkcond /= sumr_const -[X in X <= _]mulr_natr.
by rewrite ler_wpmul2l // ler_nat; apply: leq_trans (card_hit w); rewrite cardsE.
Qed.

End Hits.

Lemma expr_small (R : archiFieldType) (z c : R) : 0 <= z -> z < 1 -> 0 < c ->
  exists k0, forall k, (k0 <= k)%N -> z ^+ k < c.
Proof.
move=> z0 z1 c0; pose h := 1 - z; have h0 : 0 < h by rewrite subr_gt0.
have bern k : z ^+ k * (1 + k%:R * h) <= 1.
  elim: k => [|k IH]; first by rewrite expr0 mul0r addr0 mul1r.
  apply: le_trans IH; rewrite exprSr -mulrA ler_wpmul2l ?exprn_ge0 //.
  have -> : z = 1 - h by rewrite /h opprB addrCA subrr addr0.
  rewrite -addn1 natrD -subr_ge0.
  have -> : 1 + k%:R * h - (1 - h) * (1 + (k%:R + 1) * h) = (k%:R + 1) * h ^+ 2 by ring.
  by apply: mulr_ge0; [rewrite addr_ge0 ?ler0n ?ler01 | rewrite exprn_ge0 // ltW].
exists (Num.bound (c * h)^-1) => k hk.
have ch0 : 0 < c * h by rewrite mulr_gt0.
have big : (c * h)^-1 < k%:R.
  apply: lt_le_trans (archi_boundP _) _; first by rewrite invr_ge0 ltW.
  by rewrite ler_nat.
have kh0 : 0 <= k%:R * h by rewrite mulr_ge0 ?ler0n // ltW.
have d0 : 0 < 1 + k%:R * h by rewrite ltr_paddr ?ltr01.
apply: le_lt_trans (_ : (1 + k%:R * h)^-1 < c).
  by rewrite -div1r ler_pdivl_mulr.
rewrite -div1r ltr_pdivr_mulr // mulrDr mulr1; apply: ltr_paddl; first exact: ltW.
by rewrite mulrCA -ltr_pdivr_mulr // div1r.
Qed.

Section Packing.
Variables (R : archiFieldType) (D : nat) (N : 'rV[R]_D -> R) (A : R) (t : R).
Hypothesis sN : seminorm N.
Hypothesis A_gt0 : 0 < A.
Hypothesis coord_le : forall (x : 'rV[R]_D) i, `|x ord0 i| <= A * N x.
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
  by rewrite /in_ball seminormZ // gtr0_norm ?invr_gt0 // [X in X <= _]mulrC ler_pdivr_mulr // mul1r.
have /hasP[z zq xz] := qP _ zb; apply/hasP; exists (y + t *: z).
  by apply/allpairsP; exists (y, z).
have -> : x - (y + t *: z) = t *: (t^-1 *: (x - y) - z).
  by rewrite scalerBr scalerA divff ?gt_eqF // scale1r opprD addrA.
by rewrite seminormZ // gtr0_norm // exprS ler_pmul2l.
Qed.

Lemma separated_tnth n (f : 'I_n -> 'rV[R]_D) :
  (forall i j, i != j -> t < N (f i - f j)) -> separated [seq f i | i <- enum 'I_n].
Proof.
move=> far; elim: (enum 'I_n) (enum_uniq 'I_n) => //= i r IH /andP[ir ur].
rewrite IH // andbT; apply/allP => _ /mapP[j jr ->]; apply: far.
by apply: contraNneq ir => ->.
Qed.

(* a grid of K^D points of the ball, pairwise more than 2 u apart, u = c / (2 A K) *)
Variables (B : R).
Hypothesis B_gt0 : 0 < B.
Hypothesis norm_le : forall x : 'rV[R]_D, (forall i, `|x ord0 i| <= 1) -> N x <= B.

Lemma grid_le K (u : R) q : (0 < K)%N -> 2%:R * u * (A * B) * K%:R < 1 ->
  (forall x, in_ball x -> has (fun y => N (x - y) <= u) q) -> (K ^ D <= size q)%N.
Proof.
move=> K0 uK cov; have K0r : 0 < K%:R :> R by rewrite ltr0n.
pose pt (g : {ffun 'I_D -> 'I_K}) : 'rV[R]_D := \row_i ((g i : nat)%:R / (K%:R * B)).
have ptb g : in_ball (pt g).
  have -> : pt g = B^-1 *: \row_i ((g i : nat)%:R / K%:R).
    by apply/rowP => i; rewrite !mxE; field; rewrite !gt_eqF.
  rewrite /in_ball seminormZ // gtr0_norm ?invr_gt0 // [X in X <= _]mulrC ler_pdivr_mulr // mul1r.
  apply: norm_le => i; rewrite mxE ger0_norm ?divr_ge0 ?ler0n //.
  by rewrite ler_pdivr_mulr // mul1r ler_nat ltnW.
pose near g := nth 0 q (find (fun y => N (pt g - y) <= u) q).
have idx g : (find (fun y => N (pt g - y) <= u)%R q < size q)%N by rewrite -has_find cov.
pose f g : 'I_(size q) := Ordinal (idx g).
have f_inj : injective f.
  move=> g h /(congr1 val) /= E; apply/ffunP => i; apply/eqP; apply: contraT => ne.
  have hg : N (pt g - near g) <= u by apply: (@nth_find _ 0 (fun y => N (pt g - y) <= u)); rewrite cov.
  have hh : N (pt h - near h) <= u by apply: (@nth_find _ 0 (fun y => N (pt h - y) <= u)); rewrite cov.
  have : N (pt g - pt h) <= 2%:R * u.
    have -> : pt g - pt h = (pt g - near g) + (- (pt h - near h)).
      by rewrite /near E opprB addrA subrK.
    apply: le_trans (seminormD sN _ _) _; rewrite seminormN // mulr_natl mulr2n.
    exact: ler_add.
  have := coord_le (pt g - pt h) i; rewrite !mxE -mulrBl normrM => h1 h2.
  have : 1 <= `|(g i : nat)%:R - (h i : nat)%:R| :> R.
    have : (g i : int) - (h i : int) != 0.
      by rewrite subr_eq0 eqz_nat; apply: contra ne => /eqP/val_inj->.
    rewrite -normr_gt0 gtz0_ge1 -(ler_int R) => h3; apply: le_trans h3 _.
    by rewrite intr_norm rmorphB.
  have KB : 0 < K%:R * B by rewrite mulr_gt0.
  move=> h3; move: h1; rewrite normfV (gtr0_norm KB) ler_pdivr_mulr // => h1.
  have := le_trans h3 (le_trans h1 (ler_wpmul2r (ltW KB) (ler_wpmul2l (ltW A_gt0) h2))).
  rewrite leNgt (_ : A * _ * _ = 2%:R * u * (A * B) * K%:R) ?uK //.
  by ring.
have := leq_card f f_inj; rewrite card_ffun !card_ord; exact.
Qed.

Theorem ball_packing : 1 <= p%:R * t ^+ D.
Proof.
rewrite leNgt; apply/negP => lt1; apply: covering => -[r [rp cov]].
set z := p%:R * t ^+ D in lt1.
have z0 : 0 <= z by rewrite mulr_ge0 ?ler0n // exprn_ge0 // ltW.
pose a := 2%:R * (A * B); have a0 : 0 < a by rewrite !mulr_gt0 ?ltr0n.
pose c := (a * 2%:R)^-1; have c0 : 0 < c by rewrite invr_gt0 mulr_gt0 ?ltr0n.
have [k1 zk] := expr_small z0 lt1 (exprn_gt0 D c0).
have [k2 tk] := expr_small (ltW t_gt0) t_lt1 c0.
pose k := (k1 + k2)%N; have {}zk := zk k (leq_addr _ _); have {}tk := tk k (leq_addl _ _).
have u0 : 0 < a * t ^+ k by rewrite mulr_gt0 // exprn_gt0.
have [|m m1 m_min] := ex_minnP (P := fun m => 1 <= a * t ^+ k * m%:R).
  exists (Num.bound (a * t ^+ k)^-1).
  rewrite mulrC -ler_pdivr_mulr // mul1r; apply/ltW/archi_boundP.
  by rewrite invr_ge0 ltW.
case: m m1 m_min => [|K] m1 m_min; first by move: m1; rewrite mulr0 ler10.
have K1 : a * t ^+ k * K%:R < 1.
  by rewrite ltNge; apply/negP => /m_min; rewrite ltnn.
have cK : c <= t ^+ k * K%:R.
  move: m1 tk; rewrite /c -addn1 natrD mulrDr mulr1 => m1 tk.
  have tk' : a * t ^+ k * 2%:R <= 1.
    by move: (ltW tk); rewrite -div1r ler_pdivl_mulr ?mulr_gt0 ?ltr0n // mulrCA mulrA.
  rewrite -div1r ler_pdivr_mulr ?mulr_gt0 ?ltr0n //.
  have -> : t ^+ k * K%:R * (a * 2%:R) = a * t ^+ k * K%:R + a * t ^+ k * K%:R by ring.
  rewrite -(ler_add2r (a * t ^+ k * 2%:R)); apply: le_trans (ler_add (lexx 1) tk') _.
  have -> : a * t ^+ k * K%:R + a * t ^+ k * K%:R + a * t ^+ k * 2%:R
          = (a * t ^+ k * K%:R + a * t ^+ k) + (a * t ^+ k * K%:R + a * t ^+ k) by ring.
  exact: ler_add.
have K0 : (0 < K)%N.
  by case: K K1 cK {m1 m_min} => // _; rewrite mulr0 leNgt c0.
have [q [sq qP]] := covering_power cov k.
have uK : 2%:R * t ^+ k * (A * B) * K%:R < 1.
  by rewrite (_ : _ * K%:R = a * t ^+ k * K%:R) // /a; ring.
have := grid_le K0 uK qP; rewrite sq => h.
have {}h : (K ^ D <= p ^ k)%N by apply: leq_trans h _; case: (k) => // j; rewrite leq_exp2r.
have : c ^+ D <= z ^+ k.
  apply: (@le_trans _ _ ((t ^+ k * K%:R) ^+ D)).
    by apply: ler_expn2r; rewrite ?nnegrE ?mulr_ge0 ?ler0n ?exprn_ge0 // ltW.
  have -> : (t ^+ k * K%:R) ^+ D = (K ^ D)%:R * t ^+ (k * D).
    by rewrite exprMn -exprM natrX mulrC.
  have -> : z ^+ k = (p ^ k)%:R * t ^+ (k * D).
    by rewrite /z exprMn -exprM natrX mulnC.
  by apply: ler_wpmul2r; rewrite ?ler_nat // exprn_ge0 // ltW.
by rewrite leNgt zk.
Qed.

End Packing.

Section LowerBound.
Variables (R : archiFieldType) (D : nat) (N : 'rV[R]_D -> R) (A B eps : R).
Hypothesis sN : seminorm N.
Hypotheses (A_gt0 : 0 < A) (B_gt0 : 0 < B).
Hypothesis coord_le : forall (x : 'rV[R]_D) i, `|x ord0 i| <= A * N x.
Hypothesis norm_le : forall x : 'rV[R]_D, (forall i, `|x ord0 i| <= 1) -> N x <= B.
Hypotheses (eps_gt0 : 0 < eps) (eps_lt : 2%:R * eps < 1).
(* maps, their distance, and the target map of each coefficient vector *)
Variables (F : Type) (d : F -> F -> R) (goal : 'rV[R]_D -> F).
Hypothesis dC : forall f g, d f g = d g f.
Hypothesis d_tri : forall f g h, d f h <= d f g + d g h.
Hypothesis d_goal : forall x y, N (x - y) <= d (goal x) (goal y).
(* a random network with Theta parameters *)
Variables (Theta : nat) (Omega : finType) (pr : Omega -> R).
Variable prune : Omega -> {ffun 'I_Theta -> bool} -> F.
Hypothesis pr_ge0 : forall w, 0 <= pr w.
Hypothesis pr_sum : \sum_w pr w = 1.

Theorem lottery_lower_bound :
  (forall x, N x <= 1 ->
     1 / 2%:R <= \sum_(w | [exists m, d (prune w m) (goal x) <= eps]) pr w) ->
  1 <= (2 ^ Theta.+1)%:R * (2%:R * eps) ^+ D.
Proof.
move=> half; apply: (@ball_packing R D N A (2%:R * eps) sN A_gt0 coord_le _ eps_lt _ _ B) => //.
  by rewrite mulr_gt0 ?ltr0n.
move=> r rb rs; pose P := 'I_(size r); pose x (i : P) := nth 0 r i.
have far (i j : P) : i != j -> 2%:R * eps < N (x i - x j).
  wlog lt_ij : i j / (i < j)%N => [H ne|_].
    case: (ltngtP i j) => [lt|lt|E]; first exact: H.
      by rewrite -(seminormN sN) opprB; apply: H; rewrite // eq_sym.
    by move: ne; rewrite (val_inj E) eqxx.
  rewrite /x; move: (ltn_ord j) lt_ij; move: (j : nat) (i : nat) => {i j} j i; elim: r rs {rb P x} i j => //= y r IH /andP[yr rs] [|i] [|j] //= lt_j.
    by move=> _; move/allP: yr => /(_ _ (mem_nth 0 lt_j)).
  exact: (IH rs i j lt_j).
have := @separated_hits R F d dC d_tri Theta Omega [finType of P] prune (fun i => goal (x i)) eps _ pr pr_ge0 pr_sum.
rewrite card_ord; apply=> [i j ne|i]; first exact: lt_le_trans (far _ _ ne) (d_goal _ _).
by apply: half; move/allP: rb; apply; apply: mem_nth.
Qed.

End LowerBound.
