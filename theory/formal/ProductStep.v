(******************************************************************************)
(* One step of the covering process of products of two random weights.        *)
(*                                                                            *)
(* A state is a sequence S of partial sums and a set A of covered targets,    *)
(* each within E of a partial sum; b, e0, M = 2 b and s as in ProductLaw.v.   *)
(*     leftmost S y == the least partial sum that is near enough to target y  *)
(*     drift S y    == the error already made there, in units                 *)
(*     hit S a v y z == a product a v leads from y to z, rounded to the side  *)
(*                      that undoes the drift                                 *)
(*     gained S A x == the targets that sample x newly reaches                *)
(* Main results:                                                              *)
(*     card_gained  : a sample gains at most as many targets as are covered   *)
(*     gained_ge    : over the second weights, a first weight in [1/2, 1]     *)
(*        gains at least one target for every pair of targets near each other *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut RandomWeight.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section ProductLaw.
Variables (b e0 : nat) (s : bool).
Notation M := b.*2.
Notation W := 'I_(2.*2 * b).
Notation sample := (weight M * weight M)%type.

Definition center (z : nat) : int := (z%:Z - M%:Z) * M%:Z.
Definition psum (xs : seq sample) (m : bitseq) : int :=
  \sum_(x <- mask m xs | x.1.1 == s) magnitude x.1 * wval x.2.

(* The state: the subset sums so far, and the covered part of the window. *)
Let E : int := e0%:Z * M%:Z.
Let q : int := (e0.*2.+1)%:Z.
Definition grain : nat := (M %/ e0.*2.+1).+1.

Definition leftmost (S : seq int) (y : nat) : int :=
  head 0 (sort <=%R [seq x <- S | center y - E <= x]).
Definition drift (S : seq int) (y : nat) : int := ((leftmost S y - center y + E) %/ q)%Z.
Definition hit (S : seq int) (a v : int) (y z : nat) : bool :=
  (v - 1) * a < center z - center y - drift S y <= v * a.

Definition gained (S : seq int) (A : {set W}) (x : sample) : {set W} :=
  [set z : W | (x.1.1 == s) && (magnitude x.1 <= M%:Z - grain%:Z)
     && [exists y in A, hit S (magnitude x.1) (wval x.2) y z]].
Definition enlarge (S : seq int) (x : sample) : seq int :=
  if x.1.1 == s then S ++ [seq c + magnitude x.1 * wval x.2 | c <- S] else S.
Definition pstep (st : seq int * {set W}) (x : sample) : seq int * {set W} :=
  (enlarge st.1 x, st.2 :|: gained st.1 st.2 x).
Definition pcov (st : seq int * {set W}) : {set W} := st.2.
Definition pinv (st : seq int * {set W}) : Prop :=
  forall y, y \in st.2 -> exists2 c, c \in st.1 & `|c - center y| <= E.

Lemma leftmostP S y c : c \in S -> center y - E <= c ->
  [/\ leftmost S y \in S, center y - E <= leftmost S y & leftmost S y <= c].
Proof.
move=> cS cy; rewrite /leftmost.
have: c \in sort <=%R [seq x <- S | center y - E <= x].
  by rewrite mem_sort mem_filter cy.
have so : sorted <=%R (sort <=%R [seq x <- S | center y - E <= x]).
  by apply: sort_sorted; exact: le_total.
have me x : x \in sort <=%R [seq x <- S | center y - E <= x] ->
    x \in S /\ center y - E <= x.
  by rewrite mem_sort mem_filter => /andP[].
case: (sort _ _) so me => [|h t] //= so me.
rewrite inE => cin; have [hS hy] := me h (mem_head _ _); split=> //.
case/orP: cin => [/eqP-> //|ct].
by move: so; rewrite (path_sortedE le_trans) => /andP[/allP/(_ c ct)].
Qed.

Hypothesis b_gt0 : (0 < b)%N.
Let M_gt0 : (0 < M)%N. Proof. by rewrite double_gt0. Qed.
Let q_gt0 : 0 < q. Proof. by []. Qed.
Let E2 : 2 * E = (q - 1) * M%:Z. Proof. by rewrite /E /q; lia. Qed.
Let grainP : M%:Z < grain%:Z * q.
Proof. by rewrite /grain /q -PoszM ltz_nat; exact: ltn_ceil. Qed.

Lemma driftP S y : exists2 d, 0 <= d < q &
  leftmost S y - center y + E = drift S y * q + d.
Proof.
exists (((leftmost S y - center y + E) %% q)%Z); last exact: divz_eq.
by rewrite modz_ge0 ?gt_eqF // -[X in _ < X]gtz0_abs // ltz_mod ?gt_eqF.
Qed.

Section State.
Variables (S : seq int) (A : {set W}).
Hypothesis SA : pinv (S, A).

Lemma leftmost_close (y : W) : y \in A ->
  [/\ leftmost S y \in S, center y - E <= leftmost S y & leftmost S y <= center y + E].
Proof.
move=> /SA/= [c cS cy]; have cy' : center y - E <= c by move: cy; lia.
by have [h1 h2 h3] := leftmostP cS cy'; split=> //; move: cy h3; lia.
Qed.

Lemma leftmost_mono (y y' : W) : y \in A -> y' \in A -> (y <= y')%N ->
  leftmost S y <= leftmost S y'.
Proof.
move=> yA y'A le_yy'; have [h1 h2 _] := leftmost_close y'A.
have le_c : center y <= center y' by rewrite /center ler_pmul2r ?ltz_nat //; lia.
have h : center y - E <= leftmost S y' by move: h2 le_c; lia.
by case: (leftmostP h1 h).
Qed.

Lemma drift_bounds (y : W) : y \in A -> 0 <= drift S y <= M%:Z - 1.
Proof.
move=> yA; have [_ h1 h2] := leftmost_close yA; have [d d_q Ed] := driftP S y.
move: (drift S y) Ed => f Ed; move: h1 h2 Ed d_q q_gt0 E2 M_gt0.
set x := leftmost S y; set c := center y; move: x c E q (M) => x c E' q' m.
move=> h1 h2 Ed d_q q0 EE m0; apply/andP; split.
  by rewrite leNgt; apply/negP => f0; nia.
by rewrite leNgt; apply/negP => f0; nia.
Qed.

Lemma hit_close a v (y z : W) : y \in A -> 1 <= a -> a <= M%:Z - grain%:Z ->
  hit S a v y z -> `|leftmost S y + a * v - center z| <= E.
Proof.
move=> yA a1 aM /andP[H1 H2].
have [_ h1 h2] := leftmost_close yA; have [d d_q Ed] := driftP S y.
have /andP[f0 _] := drift_bounds yA.
move: (drift S y) f0 Ed H1 H2 => f f0 Ed.
move: (leftmost S y) (center y) (center z) h1 h2 Ed => x c cz h1 h2 Ed H1 H2.
have f_le : f <= x - c + E by move: d_q q_gt0 f0; rewrite Ed; clear; nia.
suff : x - c + E - f + a <= 2 * E.
  by move: H1 H2 f_le a1; rewrite mulrBl mul1r [a * v]mulrC; move: (v * a); lia.
have [Mgf|fMg] := lerP (M%:Z - grain%:Z) f; first by lia.
have : x - c + E - f <= (M%:Z - grain%:Z) * (q - 1).
  have : f + 1 <= M%:Z - grain%:Z by lia.
  by move: d_q q_gt0 f0; rewrite Ed; clear; move: (M%:Z - grain%:Z); nia.
have : grain%:Z * q >= M%:Z by exact: ltW grainP.
by rewrite E2 !mulrBr !mulrBl !mulr1 !mul1r; lia.
Qed.

Lemma hit_functional a v (y z z' : W) : 1 <= a -> a <= M%:Z ->
  hit S a v y z -> hit S a v y z' -> z = z'.
Proof.
move=> a1 aM /andP[H1 H2] /andP[H3 H4]; apply: val_inj.
have D : center z - center z' = ((z : nat)%:Z - (z' : nat)%:Z) * M%:Z.
  by rewrite /center; ring.
have {H1 H2 H3 H4} : - M%:Z < center z - center z' < M%:Z.
  by move: H1 H2 H3 H4; rewrite mulrBl mul1r; move: (v * a); lia.
rewrite D => /andP[d1 d2]; move: M_gt0; rewrite -ltz_nat => M0.
have : -1 < (z : nat)%:Z - (z' : nat)%:Z by rewrite -(ltr_pmul2r M0) mulN1r.
have : (z : nat)%:Z - (z' : nat)%:Z < 1 by rewrite -(ltr_pmul2r M0) mul1r.
by move=> /=; lia.
Qed.

Lemma hit_injective a v (y y' z : W) : y \in A -> y' \in A ->
  1 <= a -> a <= M%:Z - grain%:Z ->
  hit S a v y z -> hit S a v y' z -> y = y'.
Proof.
wlog lt_yy' : y y' / (y < y')%N => [H|] yA y'A a1 aM hy hy'.
  case: (ltngtP y y') => [lt|lt|]; last exact: val_inj.
    exact: (H y y').
  exact/esym/(H y' y).
exfalso; move: hy hy' => /andP[H1 H2] /andP[H3 H4].
have mono := leftmost_mono yA y'A (ltnW lt_yy').
have [d d_q Ed] := driftP S y; have [d' d'_q Ed'] := driftP S y'.
have [k kE] : exists k : int, k = (y' : nat)%:Z - (y : nat)%:Z by exists ((y' : nat)%:Z - (y : nat)%:Z).
have k1 : 1 <= k by rewrite kE; lia.
have cyE : center y' = center y + k * M%:Z by rewrite /center kE; ring.
have sep : drift S y - k * grain%:Z <= drift S y'.
  rewrite leNgt; apply/negP => lt.
  have kg : k * M%:Z < k * (grain%:Z * q) by rewrite ltr_pmul2l // (lt_le_trans _ k1).
  have : (drift S y' + 1) * q <= (drift S y - k * grain%:Z) * q.
    by rewrite ler_pmul2r //; lia.
  move: kg; rewrite mulrDl mul1r mulrBl -mulrA; move: mono d_q d'_q Ed Ed'; rewrite cyE.
  by move: (k * _) (k * _) (_ * q) (_ * q); lia.
have : a <= k * (M%:Z - grain%:Z).
  apply: (le_trans aM); rewrite ler_pemull //.
  by apply: le_trans (le_trans a1 aM).
rewrite mulrBr; move: H1 H2 H3 H4; rewrite cyE mulrBl mul1r.
by move: (k * _) (k * _) (v * a) sep; lia.
Qed.

Lemma hit_exists a (y z : W) : y \in A -> z \notin A -> nearby b y z ->
  (b.+2)%:Z <= a -> a <= M%:Z - grain%:Z ->
  exists w : weight M, hit S a (wval w) y z.
Proof.
move=> yA zA /andP[n1 n2] a1 aM; have /andP[f0 fM] := drift_bounds yA.
have a0 : 0 < a by lia.
pose t : int := center z - center y - drift S y.
pose v : int := - ((- t) %/ a)%Z.
have Hv : (v - 1) * a < t <= v * a.
  have := divz_eq (- t) a; have := modz_ge0 (- t) (lt0r_neq0 a0).
  have := ltz_mod (- t) (lt0r_neq0 a0); rewrite gtr0_norm //.
  by rewrite /v; move: ((- t) %% a)%Z ((- t) %/ a)%Z => r d; rewrite mulrBl mul1r mulNr; lia.
have dz : - (b%:Z * M%:Z) <= center z - center y <= b%:Z * M%:Z.
  rewrite /center -mulrBl -mulNr !ler_pmul2r ?ltz_nat //.
  by move: n1 n2; lia.
have tb : - ((b.+1)%:Z * M%:Z) < t <= b%:Z * M%:Z.
  by rewrite /t -addn1 PoszD mulrDl mul1r; lia.
have v0 : v != 0.
  apply/eqP => v0; move: Hv; rewrite v0 mul0r sub0r mulN1r => Hv.
  have := M_gt0; rewrite -ltz_nat => M0.
  have D : center z - center y = ((z : nat)%:Z - (y : nat)%:Z) * M%:Z.
    by rewrite /center; ring.
  have {Hv} : - M%:Z < center z - center y < M%:Z by move: Hv; rewrite /t; lia.
  rewrite D => /andP[d1 d2].
  have : -1 < (z : nat)%:Z - (y : nat)%:Z by rewrite -(ltr_pmul2r M0) mulN1r.
  have : (z : nat)%:Z - (y : nat)%:Z < 1 by rewrite -(ltr_pmul2r M0) mul1r.
  move=> u1 u2; move: zA; rewrite (_ : z = y) ?yA //.
  by apply: val_inj => /=; lia.
have vM : `|v| <= M%:Z.
  have := M_gt0; rewrite -ltz_nat; move: M%:Z aM tb => m aM tb m0.
  rewrite ler_norml; move: Hv; rewrite mulrBl mul1r => Hv.
  by apply/andP; split; rewrite leNgt; apply/negP => lt; nia.
by have [w wE] := wval_onto v0 vM; exists w; rewrite wE.
Qed.

Lemma card_gained x : (#|gained S A x :\: A| <= #|A|)%N.
Proof.
pose f (y : W) : W := odflt y [pick z : W | hit S (magnitude x.1) (wval x.2) y z].
apply: leq_trans (leq_imset_card f A); apply: subset_leq_card; apply/subsetP => z.
rewrite !inE => /andP[_ /andP[/andP[_ aM] /existsP[y /andP[yA hyz]]]].
apply/imsetP; exists y => //; rewrite /f.
case: pickP => [z' hyz'|/(_ z)]; last by rewrite hyz.
apply: hit_functional hyz hyz'; first by rewrite /magnitude; lia.
by apply: le_trans aM _; lia.
Qed.

Lemma gained_ge (a : 'I_M) : (b.+1 <= a)%N -> (a < M - grain)%N ->
  (\sum_(y in A) \sum_(z in ~: A) nearby b y z
    <= \sum_(w : weight M) #|gained S A ((s, a), w) :\: A|)%N.
Proof.
move=> a1 aM; set am := (a : nat).+1%:Z.
have am1 : (b.+2)%:Z <= am by rewrite /am; lia.
have amM : am <= M%:Z - grain%:Z by rewrite /am; lia.
have am_ge1 : 1 <= am by rewrite /am; lia.
pose H (z : W) := [set w : weight M | [exists y : W in A, hit S am (wval w) y z]].
have -> : (\sum_w #|gained S A ((s, a), w) :\: A| = \sum_(z in ~: A) #|H z|)%N.
  transitivity (\sum_(w : weight M) \sum_(z in ~: A) (w \in H z))%N.
    apply: eq_bigr => w _; rewrite -sum1_card big_mkcond [RHS]big_mkcond /=.
    apply: eq_bigr => z _; rewrite !inE /= eqxx /= -/am.
    have -> /= : magnitude (s, a) <= M%:Z - grain%:Z by [].
    by case: (z \in A) => //=; case: ifP => ->.
  rewrite exchange_big /=; apply: eq_bigr => z _.
  exact/esym/card_sum.
rewrite exchange_big /=; apply: leq_sum => z; rewrite inE => zA.
pose Y := [set y : W | (y \in A) && nearby b y z].
have -> : (\sum_(y in A) nearby b y z = #|Y|)%N.
  rewrite card_sum [LHS]big_mkcond; apply: eq_bigr => y _.
  by rewrite inE; case: (y \in A); case: (nearby b y z).
have w0 : weight M by exact: (true, a).
pose f (y : W) : weight M := odflt w0 [pick w : weight M | hit S am (wval w) y z].
have fP y : y \in Y -> hit S am (wval (f y)) y z.
  rewrite inE => /andP[yA yz]; rewrite /f; case: pickP => [w //|no].
  by have [w] := hit_exists yA zA yz am1 amM; rewrite no.
have f_inj : {in Y &, injective f}.
  move=> y y' yY y'Y Ef; have h := fP y yY; have h' := fP y' y'Y.
  move: yY y'Y; rewrite !inE => /andP[yA _] /andP[y'A _].
  by apply: (hit_injective yA y'A am_ge1 amM h); rewrite Ef.
rewrite -(card_in_imset f_inj); apply: subset_leq_card; apply/subsetP => w.
move=> /imsetP[y yY ->]; rewrite inE; apply/existsP; exists y.
by rewrite fP // andbT; move: yY; rewrite inE => /andP[].
Qed.

End State.

End ProductLaw.
