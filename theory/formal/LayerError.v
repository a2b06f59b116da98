(******************************************************************************)
(* From coefficient errors to operator errors.                                *)
(*                                                                            *)
(*     seminorm N == N : V -> R is subadditive and absolutely homogeneous     *)
(*     comb b beta == \sum_k beta k *: b k                                    *)
(* Main results:                                                              *)
(*     cube_max : the maximum of a seminorm over the cube |beta_k| <= 1 is    *)
(*        attained at a sign vector, so |||B||| is a finite maximum           *)
(*     comb_error : coefficients at most eta in absolute value give a         *)
(*        combination of seminorm at most eta * C, when every signed sum of   *)
(*        the b k has seminorm at most C.                                     *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Seminorm.
Variables (R : realFieldType) (V : lmodType R) (N : V -> R).

Record seminorm : Prop := Seminorm {
  seminormD : forall u v, N (u + v) <= N u + N v;
  seminormZ : forall a u, N (a *: u) = `|a| * N u }.

Hypothesis sN : seminorm.

Lemma seminorm0 : N 0 = 0.
Proof. by rewrite -(scale0r 0) seminormZ // normr0 mul0r. Qed.

Lemma seminormN u : N (- u) = N u.
Proof. by rewrite -scaleN1r seminormZ // normrN1 mul1r. Qed.

Lemma seminorm_ge0 u : 0 <= N u.
Proof.
have := seminormD sN u (- u); rewrite subrr seminorm0 seminormN -mulr2n -mulr_natl.
by rewrite pmulr_rge0 // ltr0n.
Qed.

Lemma seminorm_sum (I : Type) (r : seq I) (F : I -> V) :
  N (\sum_(i <- r) F i) <= \sum_(i <- r) N (F i).
Proof.
elim/big_rec2: _ => [|i y x _ le_xy]; first by rewrite seminorm0.
by apply: le_trans (seminormD sN _ _) _; rewrite ler_add2l.
Qed.

Lemma seminorm_segment (u d : V) (beta : R) : `|beta| <= 1 ->
  N (u + beta *: d) <= Num.max (N (u + d)) (N (u - d)).
Proof.
rewrite ler_norml => /andP[h1 h2]; pose t := (1 + beta) / 2%:R.
have t0 : 0 <= t by rewrite divr_ge0 ?ler0n // addrC -ler_subl_addr sub0r.
have t1 : 0 <= 1 - t.
  by rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r mulr2n ler_add2l.
have -> : u + beta *: d = t *: (u + d) + (1 - t) *: (u - d).
  rewrite !scalerDr scalerN addrACA -scalerDl -scalerBl.
  have -> : t + (1 - t) = 1 by ring.
  have -> : t - (1 - t) = beta by rewrite /t; field.
  by rewrite scale1r.
apply: le_trans (seminormD sN _ _) _; rewrite !seminormZ // !ger0_norm //.
set m := Num.max _ _; have -> : m = t * m + (1 - t) * m by ring.
by apply: ler_add; apply: ler_wpmul2l; rewrite // /m le_maxr lexx ?orbT.
Qed.

Variable I : finType.
Definition comb (b : I -> V) (beta : I -> R) : V := \sum_k beta k *: b k.

Lemma cube_max (b : I -> V) (C : R) :
  (forall s : I -> bool, N (comb b (fun k => (-1) ^+ s k)) <= C) ->
  forall beta : I -> R, (forall k, `|beta k| <= 1) -> N (comb b beta) <= C.
Proof.
rewrite /comb => HC beta beta1.
suff gen (r : seq I) (u : V) : uniq r ->
    (forall s : I -> bool, N (u + \sum_(k <- r) (-1) ^+ s k *: b k) <= C) ->
    N (u + \sum_(k <- r) beta k *: b k) <= C.
  rewrite -[\sum_k _]add0r; apply: gen (index_enum_uniq I) _ => s.
  by rewrite add0r.
elim: r u => [|i r IH] u; first by move=> _ /(_ xpred0); rewrite !big_nil.
move=> /= /andP[ir ur] HC'; rewrite big_cons addrA; apply: IH => // s.
rewrite addrAC; apply: le_trans (seminorm_segment _ _ (beta1 i)) _.
have ext (e : bool) : N (u + \sum_(k <- r) (-1) ^+ s k *: b k + (-1) ^+ e *: b i) <= C.
  have := HC' (fun k => if k == i then e else s k).
  rewrite big_cons eqxx addrA addrAC; congr (N (_ + _ + _) <= C).
  rewrite [LHS]big_seq [RHS]big_seq; apply: eq_bigr => k kr.
  by case: eqP kr => // ->; rewrite (negbTE ir).
rewrite le_maxl; apply/andP; split; first by have := ext false; rewrite expr0 scale1r.
by have := ext true; rewrite expr1 scaleN1r.
Qed.

Theorem comb_error (b : I -> V) (beta : I -> R) (eta C : R) : 0 < eta ->
  (forall s : I -> bool, N (comb b (fun k => (-1) ^+ s k)) <= C) ->
  (forall k, `|beta k| <= eta) -> N (comb b beta) <= eta * C.
Proof.
move=> e0 HC hb; have -> : comb b beta = eta *: comb b (fun k => beta k / eta).
  rewrite /comb scaler_sumr; apply: eq_bigr => k _.
  by rewrite scalerA mulrC divfK ?gt_eqF.
rewrite seminormZ // gtr0_norm // ler_pmul2l //; apply: cube_max => // k.
by rewrite normrM normfV (gtr0_norm e0) ler_pdivr_mulr // mul1r.
Qed.

End Seminorm.
