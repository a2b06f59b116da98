(******************************************************************************)
(* The cut lemma on a window of integers (companion A1, and row R of A1').     *)
(*                                                                            *)
(* The window {0, ..., 2 r b - 1} is cut into 2 r blocks of length b.  Among  *)
(* the pairs (y, z) with y in A and z outside A, a fraction of at least       *)
(* 1 / (2 r^2) is at distance at most b.                                      *)
(*     nearby b y z == |y - z| <= b, as a boolean                             *)
(*     path_cut   : the combinatorial heart, a 2-colouring of the path        *)
(*        u_0, w_0, u_1, w_1, ..., u_(2r-1), w_(2r-1)                         *)
(*     window_cut : |A| |~A| <= 2 r^2 #{(y, z) in A x ~A, |y - z| <= b}.      *)
(* For r = 1 the constant 2 is the one of uniform samples on [-1, 1] with     *)
(* targets in [-1, 1]; for r = 2 the samples reach half as far.               *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect.
From mathcomp Require Import zify.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Definition nearby (b y z : nat) : bool := (y <= z + b) && (z <= y + b).

Lemma nearbyC b y z : nearby b y z = nearby b z y.
Proof. exact: andbC. Qed.

Lemma sum_bool_le n (f : nat -> bool) : \sum_(i < n) f i <= n.
Proof.
by rewrite -[X in _ <= X]card_ord -sum1_card; apply: leq_sum => i _; case: (f i).
Qed.

Lemma sum_neq_bool n (f : nat -> bool) (e : bool) :
  \sum_(i < n) (f i != e) = if e then n - \sum_(i < n) f i else \sum_(i < n) f i.
Proof.
case: e; last by apply: eq_bigr => i _; case: (f i).
elim: n => [|n IH]; first by rewrite !big_ord0.
rewrite !big_ord_recr /= IH; have := sum_bool_le n f.
by set s := bigop _ _ _; case: (f n) => /=; lia.
Qed.

Lemma path_cut r (f h : nat -> bool) :
  \sum_(i < r.*2) \sum_(j < r.*2) (f i != h j)
    <= 2 * r ^ 2 * (\sum_(i < r.*2) (f i != h i)
                    + \sum_(i < r.*2.-1) (f i.+1 != h i)).
Proof.
set c1 := (X in X + _); set c2 := (X in _ + X).
pose al n := \sum_(i < n) f i; pose be n := \sum_(i < n) h i.
have le_al n : al n <= n := sum_bool_le n f.
have le_be n : be n <= n := sum_bool_le n h.
have -> : \sum_(i < r.*2) \sum_(j < r.*2) (f i != h j)
          = al r.*2 * (r.*2 - be r.*2) + (r.*2 - al r.*2) * be r.*2.
  transitivity (\sum_(i < r.*2) if f i then r.*2 - be r.*2 else be r.*2).
    by apply: eq_bigr => i _; rewrite -sum_neq_bool; apply: eq_bigr => j _; rewrite eq_sym.
  move: (be _) => x.
  suff H n : n <= r.*2 -> \sum_(i < n) (if f i then r.*2 - x else x)
             = al n * (r.*2 - x) + (n - al n) * x by exact: H.
  elim: n => [|n IH] ln; first by rewrite /al !big_ord0.
  rewrite big_ord_recr /= IH ?(ltnW ln) // /al big_ord_recr /= -/(al n).
  by have := le_al n; case: (f n) => /= ?; [lia | rewrite addn0 subSn //; lia].
have diff n : (al n <= be n + \sum_(i < n) (f i != h i))
              && (be n <= al n + \sum_(i < n) (f i != h i)).
  elim: n => [|n /andP[H1 H2]]; first by rewrite /al /be !big_ord0.
  rewrite /al /be !big_ord_recr /= -/(al n) -/(be n).
  by move: H1 H2; case: (f n); case: (h n) => /=; lia.
have := diff r.*2; rewrite -/c1 => /andP[d1 d2].
have la := le_al r.*2; have lb := le_be r.*2.
have bil a b : a <= r.*2 -> b <= r.*2 ->
    a * (r.*2 - b) + (r.*2 - a) * b <= 2 * r ^ 2 * 2.
  move=> /subnK; move: (r.*2 - a) => a' Ea /subnK; move: (r.*2 - b) => b' Eb.
  have Er : 2 * r ^ 2 * 2 = (a' + a) * (b' + b) by rewrite Ea Eb -mul2n; lia.
  by rewrite Er; nia.
have bil1 a b : a <= r.*2 -> b <= r.*2 -> a <= b + 1 -> b <= a + 1 ->
    a * (r.*2 - b) + (r.*2 - a) * b <= 2 * r ^ 2 * 1.
  move=> a_le b_le ab ba.
  have odd_case x y : x + y + 1 = r.*2 ->
      x * y + (y + 1) * (x + 1) <= 2 * (r * r).
    move=> E; have [xr|rx] := ltnP x r.
      have [k Ek] : exists k, r = x + 1 + k by exists (r - x - 1); lia.
      have -> : y = x + k.*2 + 1 by lia.
      by rewrite Ek -mul2n; nia.
    have [k Ek] : exists k, r = y + 1 + k by exists (r - y - 1); lia.
    have -> : x = y + k.*2 + 1 by lia.
    by rewrite Ek -mul2n; nia.
  rewrite muln1 expnS expn1; case: (ltngtP a b) => [lt_ab|lt_ba|eq_ab].
  - have E : a + (r.*2 - b) + 1 = r.*2 by lia.
    have -> : r.*2 - a = (r.*2 - b) + 1 by lia.
    have Eb : b = a + 1 by lia.
    by rewrite {3}Eb; exact: (odd_case _ _ E).
  - have E : (r.*2 - a) + b + 1 = r.*2 by lia.
    have -> : r.*2 - b = (r.*2 - a) + 1 by lia.
    have Ea : a = b + 1 by lia.
    by rewrite {1}Ea addnC; exact: (odd_case _ _ E).
  - rewrite -eq_ab; have [i Ei] : exists i, a + i = r.*2 by exists (r.*2 - a); lia.
    rewrite -Ei addKn; case: (leqP a r) => H.
      have [k Ek] : exists k, r = a + k by exists (r - a); lia.
      have -> : i = a + k + k by lia.
      by rewrite Ek; nia.
    have [k Ek] : exists k, r = i + k by exists (r - i); lia.
    have -> : a = i + k + k by lia.
    by rewrite Ek; nia.
have [c0|c_gt0] := posnP (c1 + c2); last first.
  have [c_le1|c_gt1] := leqP (c1 + c2) 1; last first.
    apply: (@leq_trans (2 * r ^ 2 * 2)); last by rewrite leq_mul2l c_gt1 orbT.
    exact: bil.
  have -> : c1 + c2 = 1 by lia.
  by apply: bil1 => //; lia.
rewrite c0 muln0.
have eq_fh i : i < r.*2 -> f i = h i.
  move=> lt_i; apply/eqP; have : c1 = 0 by lia.
  move/eqP; rewrite sum_nat_eq0 => /forallP/(_ (Ordinal lt_i)).
  by rewrite eqb0 negbK.
have eq_hf i : i.+1 < r.*2 -> f i.+1 = h i.
  move=> lt_i; apply/eqP; have : c2 = 0 by lia.
  have lt_i' : i < r.*2.-1 by lia.
  move/eqP; rewrite sum_nat_eq0 => /forallP/(_ (Ordinal lt_i')).
  by rewrite eqb0 negbK.
have const i : i < r.*2 -> f i = f 0.
  by elim: i => // i IH lt_i; rewrite eq_hf // -eq_fh ?IH // ltnW.
have al0 : al r.*2 = r.*2 * f 0.
  rewrite /al (eq_bigr (fun=> nat_of_bool (f 0))) => [|i _]; last by rewrite const.
  by rewrite sum_nat_const card_ord.
have be0 : be r.*2 = r.*2 * f 0.
  rewrite /be (eq_bigr (fun=> nat_of_bool (f 0))) => [|i _].
    by rewrite sum_nat_const card_ord.
  by rewrite -eq_fh // const.
by rewrite al0 be0; case: (f 0); rewrite ?muln0 ?muln1 ?subnn ?muln0.
Qed.

Lemma sum_block n b (F : nat -> nat) :
  \sum_(k < n * b) F k = \sum_(i < n) \sum_(u < b) F (i * b + u).
Proof.
elim: n => [|n IH]; first by rewrite !big_ord0.
rewrite big_ord_recr /= -IH -!(big_mkord xpredT) mulSn addnC.
rewrite (@big_cat_nat _ _ _ (n * b)) ?leq_addr //=; congr (_ + _).
rewrite -{1}[n * b]add0n big_addn addKn big_mkord.
by apply: eq_bigr => u _; rewrite addnC.
Qed.

Lemma sum_diag n (t : nat -> nat -> nat) :
  \sum_(i < n) t i i + \sum_(i < n.-1) t i.+1 i
    <= \sum_(i < n) \sum_(j < n) t i j.
Proof.
case: n => [|n]; first by rewrite !big_ord0.
rewrite [X in X + _]big_ord_recl [X in _ <= X]big_ord_recl /= -addnA.
apply: leq_add; first by rewrite (bigD1 ord0) //= leq_addr.
rewrite -big_split /=; apply: leq_sum => i _.
rewrite (bigD1 (lift ord0 i)) //= leq_add2l.
by rewrite (bigD1 (widen_ord (leqnSn n) i)) ?leq_addr //= -val_eqE /= /bump /=; lia.
Qed.

Section Window.
Variables (r b : nat) (g : nat -> bool).

Lemma window_pairs :
  \sum_(y < r.*2 * b) \sum_(z < r.*2 * b) (g y != g z)
    <= 2 * r ^ 2 * \sum_(y < r.*2 * b) \sum_(z < r.*2 * b)
                      ((g y != g z) && nearby b y z).
Proof.
have pairs (F : nat -> nat -> nat) :
    \sum_(y < r.*2 * b) \sum_(z < r.*2 * b) F y z
    = \sum_(u < b) \sum_(w < b)
        \sum_(i < r.*2) \sum_(j < r.*2) F (i * b + u) (j * b + w).
  rewrite (sum_block _ _ (fun y => \sum_(z < _) F y z)) exchange_big /=.
  apply: eq_bigr => u _; rewrite [RHS]exchange_big /=; apply: eq_bigr => i _.
  by rewrite sum_block exchange_big.
rewrite (pairs (fun y z => nat_of_bool (g y != g z))).
rewrite (pairs (fun y z => nat_of_bool ((g y != g z) && nearby b y z))).
rewrite big_distrr /=; apply: leq_sum => u _.
rewrite big_distrr /=; apply: leq_sum => w _.
wlog le_uw : u w / u <= w => [H|].
  have [/H//|lt_wu] := leqP u w; move/(_ w u (ltnW lt_wu)): H.
  rewrite exchange_big [in X in _ -> _ <= X]exchange_big /=.
  under eq_bigr => i _ do under eq_bigr => j _ do rewrite eq_sym.
  by under [in X in _ <= X -> _]eq_bigr => i _ do
    under eq_bigr => j _ do rewrite eq_sym nearbyC.
apply: leq_trans (path_cut r (fun i => g (i * b + u)) (fun i => g (i * b + w))) _.
rewrite leq_mul2l; apply/orP; right.
apply: leq_trans (sum_diag _ (fun i j : nat =>
  nat_of_bool ((g (i * b + u) != g (j * b + w)) && nearby b (i * b + u) (j * b + w)))).
have lt_w := ltn_ord w.
apply: leq_add; apply: leq_sum => i _.
  have -> : nearby b (i * b + u) (i * b + w) by apply/andP; split; lia.
  by rewrite andbT.
have -> : nearby b (i.+1 * b + u) (i * b + w) by rewrite /nearby mulSn; apply/andP; split; lia.
by rewrite andbT.
Qed.

End Window.

(* the same statement for subsets *)
Theorem window_cut r b (A : {set 'I_(r.*2 * b)}) :
  #|A| * #|~: A| <= 2 * r ^ 2 * \sum_(y in A) \sum_(z in ~: A) nearby b y z.
Proof.
pose g k := if insub k is Some y then y \in A else false.
have gE (y : 'I_(r.*2 * b)) : g y = (y \in A) by rewrite /g valK.
have := window_pairs r b g.
pose S (p : nat -> nat -> bool) :=
  \sum_(y < r.*2 * b) \sum_(z < r.*2 * b) (g y && ~~ g z && p y z).
have two (p : nat -> nat -> bool) : (forall y z, p y z = p z y) ->
    \sum_(y < r.*2 * b) \sum_(z < r.*2 * b) ((g y != g z) && p y z) = (S p).*2.
  move=> pC; rewrite -[RHS]addnn /S [X in _ = _ + X]exchange_big -big_split /=.
  apply: eq_bigr => y _; rewrite -big_split /=; apply: eq_bigr => z _.
  by rewrite pC; case: (g y); case: (g z); case: (p z y).
have SE (p : nat -> nat -> bool) : S p = \sum_(y in A) \sum_(z in ~: A) p y z.
  rewrite [RHS]big_mkcond; apply: eq_bigr => y _; rewrite gE.
  case: (y \in A) => /=; last by rewrite big1.
  rewrite [RHS]big_mkcond; apply: eq_bigr => z _; rewrite inE gE.
  by case: (z \in A).
rewrite (two _ (nearbyC b)) SE.
have -> : \sum_(y < r.*2 * b) \sum_(z < r.*2 * b) (g y != g z) = (#|A| * #|~: A|).*2.
  rewrite -sum1_card -[#|~: A|]sum1_card big_distrl /=.
  have <- : S (fun _ _ => true) = \sum_(y in A) 1 * \sum_(z in ~: A) 1.
    by rewrite SE; apply: eq_bigr => y _; rewrite mul1n.
  rewrite -two //; apply: eq_bigr => y _; apply: eq_bigr => z _.
  by rewrite andbT.
by rewrite -doubleMr leq_double.
Qed.
