(******************************************************************************)
(* Random subset sum for products of two random weights.                      *)
(*                                                                            *)
(* A random weight is k / M with k uniform on {+-1, ..., +-M}, and M = 2 b.   *)
(* A sample is a pair (u, v) of independent weights: u joins an input to a    *)
(* hidden channel, v the hidden channel to an output.  The sample is usable   *)
(* for the sign s when u has this sign; it then offers the product |u| v.     *)
(*     weight M     == the type of the 2 M equally likely weights             *)
(*     wval w       == the integer k of the weight k / M                      *)
(*     psum s xs m  == the sum of |u| v, in units of 1 / M^2, over the usable *)
(*                     samples of xs selected by the mask m                   *)
(*     center b z   == the target (z - M) / M in the same units, 0 <= z < 2 M *)
(*     missed b e s xs == some target of the window {-M, ..., M - 1} / M has  *)
(*                     no mask m with psum within e / M of it                 *)
(*     product_rate b e0 == (b - g - 1) / (32 b), where g = M / (2 e0 + 1) + 1*)
(* Main result:                                                               *)
(*     product_subset_sum : the fraction of n-tuples of samples for which a   *)
(*        target is missed by more than (e0 + e1) / M is at most              *)
(*        (1 - product_rate / 2)^n (2M / (2 e0 + 1) - 1) (2M / (e1 + 1)).     *)
(* The rate comes from first-layer weights |u| between 1/2 and 1: each meets  *)
(* at least one v for every pair of targets at distance at most 1/2 (row      *)
(* R = 2 of companion A1')  .  Rounding errors do not add up along a sum: a   *)
(* target is always approached from its leftmost partial sum, and the side to *)
(* which a product is rounded depends on the error already made (drift).      *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition weight (M : nat) : finType := [finType of bool * 'I_M].
Definition magnitude M (w : weight M) : int := (w.2 : nat).+1%:Z.
Definition wval M (w : weight M) : int := if w.1 then - magnitude w else magnitude w.

Lemma card_weight M : #|weight M| = M.*2.
Proof. by rewrite card_prod card_bool card_ord mul2n. Qed.

Lemma wval_inj M : injective (@wval M).
Proof.
move=> [s i] [t j]; rewrite /wval /magnitude /=.
by case: s; case: t => E; congr (_, _); try apply: val_inj; move: E => /=; lia.
Qed.

Lemma wval_onto M (k : int) : k != 0 -> `|k| <= M%:Z -> exists w : weight M, wval w = k.
Proof.
move=> k0 kM; have lt_k : (`|k|%N.-1 < M)%N by lia.
by exists (k < 0, Ordinal lt_k); rewrite /wval /magnitude /=; case: ifP; lia.
Qed.

Lemma card_sum (T : finType) (A : {set T}) : #|A| = (\sum_x (x \in A))%N.
Proof. by rewrite -sum1_card big_mkcond; apply: eq_bigr => x _; case: (x \in A). Qed.

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

Definition product_rate : rat := (b - grain.+1)%N%:R / (32 * b)%N%:R.

Lemma product_coverage : coverage_process pstep pcov pinv product_rate.
Proof.
have new (st : seq int * {set W}) x :
  pcov (pstep st x) :\: pcov st = gained st.1 st.2 x :\: st.2.
  by rewrite /pcov /= setDUl setDv set0U.
split=> [[S A] x I y|[S A] x I|[S A] x I|[S A] I].
- rewrite /= in_setU /= /enlarge => /orP[yA|].
    have [c cS cy] := I y yA; exists c => //.
    by case: ifP => // _; rewrite mem_cat cS.
  rewrite inE => /andP[/andP[xs aM] /existsP[y' /andP[y'A h]]].
  have [h1 _ _] := leftmost_close I y'A.
  exists (leftmost S y' + magnitude x.1 * wval x.2).
    by rewrite xs mem_cat; apply/orP; right; apply/mapP; exists (leftmost S y').
  by apply: hit_close I _ _ _ _ y'A _ aM h; rewrite /magnitude; lia.
- exact: subsetUl.
- by rewrite new; exact: card_gained.
- under [in X in _ <= X]eq_bigr => x _ do rewrite new /=.
  rewrite /pcov /=; set near := (\sum_(y in A) \sum_(z in ~: A) nearby b y z)%N.
  have cut : (#|A| * #|~: A| <= 8 * near)%N by exact: (@window_cut 2 b A).
  have big : ((b - grain.+1) * near <= \sum_x #|gained S A x :\: A|)%N.
    rewrite -(pair_bigA _ (fun u w => #|gained S A (u, w) :\: A|)) /=.
    rewrite -(pair_bigA _ (fun t a => \sum_w #|gained S A ((t, a), w) :\: A|)%N) /=.
    rewrite (bigD1 s) //=; apply: leq_trans (leq_addr _ _).
    rewrite (bigID (fun a : 'I_M => (b.+1 <= a)%N && (a < M - grain)%N)) /=.
    apply: leq_trans (leq_addr _ _).
    apply: (@leq_trans (\sum_(a < M | (b.+1 <= a) && (a < M - grain)) near)%N); last first.
      by apply: leq_sum => a /andP[a1 a2]; exact: (gained_ge I).
    rewrite sum_nat_const leq_mul2r; apply/orP; right.
    pose f (i : 'I_(b - grain.+1)) : 'I_M := insubd (Ordinal M_gt0) (b.+1 + i)%N.
    have fE i : val (f i) = (b.+1 + i)%N.
      by rewrite /f val_insubd; have := ltn_ord i; case: ifP => //; lia.
    have f_inj : injective f.
      by move=> i j /(congr1 val); rewrite !fE => /addnI; exact: val_inj.
    rewrite -[X in (X <= _)%N]card_ord -(card_image f_inj).
    apply: subset_leq_card; apply/subsetP => a /imageP[i _ ->].
    by rewrite unfold_in fE; have := ltn_ord i; lia.
  rewrite card_ord card_prod !card_weight /product_rate.
  set tot := (\sum_x _)%N in big *.
  have b0 : b%:R != 0 :> rat by rewrite pnatr_eq0 -lt0n.
  have -> : (b - grain.+1)%:R / (32 * b)%:R * (M.*2 * M.*2)%:R * #|A|%:R * #|~: A|%:R
          = ((b - grain.+1) * b)%:R / 2%:R * (#|A| * #|~: A|)%:R :> rat.
    by rewrite -!mul2n !natrM; field.
  apply: (@le_trans _ _ (((b - grain.+1) * b)%:R / 2%:R * (2 * (4 * near))%:R)).
    by rewrite ler_wpmul2l ?divr_ge0 ?ler0n // ler_nat mulnA.
  rewrite [(2 * _)%:R]natrM mulrA divfK ?pnatr_eq0 // -!natrM ler_nat.
  rewrite (_ : _ * _ * (4 * near) = 2.*2 * b * ((b - grain.+1) * near))%N.
    by rewrite leq_mul2l big orbT.
  by rewrite -mulnA [(b * _)%N]mulnCA mulnCA [(_ * (b * _))%N]mulnCA !mulnA.
Qed.

(* Every partial sum the process keeps is the sum selected by some mask. *)
Lemma run_psum (st : seq int * {set W}) xs c : c \in (run pstep st xs).1 ->
  exists2 m : bitseq, size m = size xs &
    exists2 c0, c0 \in st.1 & c = c0 + psum xs m.
Proof.
elim: xs st => [|x xs IH] st /= => [cS|/IH[m sm [c0 c0S ->]]].
  by exists [::] => //; exists c; rewrite // /psum big_nil addr0.
move: c0S; rewrite /= /enlarge; case: ifP => xs_s.
  rewrite mem_cat => /orP[c0S|/mapP[c1 c1S ->]].
    by exists (false :: m); rewrite /= ?sm //; exists c0.
  exists (true :: m); rewrite /= ?sm //; exists c1 => //.
  by rewrite /psum /= big_cons xs_s addrA.
by move=> c0S; exists (false :: m); rewrite /= ?sm //; exists c0.
Qed.

Definition start : seq int * {set W} := ([:: 0], [set y : W | `|center y| <= E]).

Lemma start_inv : pinv start.
Proof. by move=> y; rewrite inE => cy; exists 0; rewrite ?inE // sub0r normrN. Qed.

Lemma card_start : (e0 < M)%N -> (e0.*2.+1 <= #|pcov start|)%N.
Proof.
move=> e0M; have W_gt0 : (0 < 2.*2 * b)%N by rewrite muln_gt0.
pose f (i : 'I_e0.*2.+1) : W := insubd (Ordinal W_gt0) (M - e0 + i)%N.
have fE i : val (f i) = (M - e0 + i)%N.
  by rewrite /f val_insubd; have := ltn_ord i; case: ifP => //; lia.
have f_inj : injective f.
  by move=> i j /(congr1 val); rewrite !fE => /addnI; exact: val_inj.
rewrite -[X in (X <= _)%N]card_ord -(card_image f_inj).
apply: subset_leq_card; apply/subsetP => y /imageP[i _ ->]; rewrite inE.
rewrite /center fE /E normrM [`|M%:Z|]ger0_norm // ler_wpmul2r //.
by have := ltn_ord i; lia.
Qed.

Lemma uncovered_many (A : {set W}) (z : W) e1 : (e1 < b.*2)%N ->
  (forall y : W, nearby e1 y z -> y \notin A) -> (e1.+1 <= #|~: A|)%N.
Proof.
move=> e1M nA; have W_gt0 : (0 < 2.*2 * b)%N by rewrite muln_gt0.
pose f (i : 'I_e1.+1) : W := insubd (Ordinal W_gt0)
  (if (z + e1 < 2.*2 * b)%N then z + i else z - i)%N.
have lt_z := ltn_ord z.
have fE i : val (f i) = (if (z + e1 < 2.*2 * b)%N then z + i else z - i)%N.
  rewrite /f val_insubd; have lt_i := ltn_ord i.
  by do 2?case: ifP => //; move: lt_z lt_i e1M; lia.
have f_inj : injective f.
  move=> i j /(congr1 val); rewrite !fE => H; apply: val_inj; move: H lt_z e1M.
  by have := ltn_ord i; have := ltn_ord j; case: ifP => /=; lia.
rewrite -[X in (X <= _)%N]card_ord -(card_image f_inj).
apply: subset_leq_card; apply/subsetP => y /imageP[i _ ->]; rewrite inE.
apply: nA; rewrite /nearby fE; have := ltn_ord i.
by case: ifP => _ lt_i; apply/andP; split; move: lt_z lt_i; lia.
Qed.

Definition missed (e n : nat) (xs : n.-tuple [finType of sample]) : bool :=
  [exists z : W, [forall m : n.-tuple bool,
     e%:Z * M%:Z < `|psum xs m - center z| ]].

Definition product_bound (e1 n : nat) : rat :=
  (1 - product_rate / 2%:R) ^+ n * (M.*2%:R / e0.*2.+1%:R - 1) * (M.*2%:R / e1.+1%:R).

Theorem product_subset_sum e1 n : (e0 < M)%N -> (e1 < M)%N ->
  #|[set xs | @missed (e0 + e1) n xs]|%:R / #|[finType of sample]|%:R ^+ n
    <= product_bound e1 n.
Proof.
move=> e0M e1M.
have k2 : product_rate <= 2%:R.
  rewrite ler_pdivr_mulr ?ltr0n ?muln_gt0 // -natrM ler_nat.
  by apply: leq_trans (leq_subr _ _) _; rewrite mulnA leq_pmull.
have cs := card_start e0M; have c0 : (0 < #|pcov start|)%N by exact: leq_trans cs.
have WE : (2.*2 * b)%N = M.*2 by rewrite -!mul2n mulnA.
have := coverage_growth product_coverage k2 n e1.+1 start_inv c0.
move=> growth; set C := [set xs | _]; set B := [set xs | _] in growth.
have CB : (#|C| <= #|B|)%N.
  apply: subset_leq_card; apply/subsetP => xs; rewrite !inE => /existsP[z /forallP miss].
  apply: (@uncovered_many _ z _ e1M) => y nyz; apply/negP => yA.
  have [c cS cy] := run_inv product_coverage xs start_inv _ yA.
  have [m sm [c1]] := run_psum cS; rewrite inE => /eqP-> cE.
  have sm' : size m == n by rewrite sm size_tuple.
  have := miss (Tuple sm'); rewrite ltNge => /negP[] /=.
  have -> : psum xs m = c by rewrite cE add0r.
  have -> : c - center z = (c - center y) + (center y - center z) by rewrite addrA subrK.
  apply: le_trans (ler_norm_add _ _) _; rewrite PoszD mulrDl ler_add //.
  rewrite /center -mulrBl normrM [`|M%:Z|]ger0_norm ?ler0z // ler_wpmul2r ?ler0z //.
  by move: nyz => /andP[]; lia.
have t0 : 0 < #|[finType of sample]|%:R ^+ n :> rat.
  by rewrite exprn_gt0 // ltr0n card_prod !card_weight muln_gt0 !double_gt0 b_gt0.
rewrite ler_pdivr_mulr //.
have e10 : 0 < e1.+1%:R :> rat by rewrite ltr0n.
rewrite -(ler_pmul2r e10); apply: le_trans (le_trans _ growth) _.
  by rewrite ler_wpmul2r ?ler_nat // ltW.
have cW : #|ordinal_finType (2.*2 * b)| = M.*2 by rewrite card_ord WE.
rewrite /product_bound cW.
set f := #|_|%:R ^+ n; set p := (1 - _) ^+ n; set y : rat := e1.+1%:R in e10 *.
have -> : p * (M.*2%:R / e0.*2.+1%:R - 1) * (M.*2%:R / y) * f * y
          = f * p * (M.*2%:R / e0.*2.+1%:R - 1) * M.*2%:R.
  move: p f (M.*2%:R) (e0.*2.+1%:R) => p f m x; rewrite mulrA.
  have -> : p * (m / x - 1) * m / y * f * y = p * (m / x - 1) * m * f * (y / y).
    by rewrite ![_ / y]mulrC; ring.
  by rewrite divff ?gt_eqF //; ring.
rewrite ler_wpmul2r ?ler0n // ler_wpmul2l //.
  by rewrite mulr_ge0 ?exprn_ge0 ?ler0n //; exact: rho_ge0 k2.
rewrite /potential cW ler_add2r ler_wpmul2l ?ler0n //.
by rewrite lef_pinv ?ler_nat // posrE ltr0n.
Qed.

End ProductLaw.
