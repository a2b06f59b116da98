(******************************************************************************)
(* Finite probability as counting.                                            *)
(*                                                                            *)
(*     Pr B == |B| / |Omega|, the probability of B : {set Omega} under the    *)
(*             uniform law of the finite type Omega                           *)
(* Main results:                                                              *)
(*     Pr_union    : the probability of a union is at most the sum            *)
(*     Pr_preim    : a map whose fibres have equal sizes preserves            *)
(*        probabilities                                                       *)
(*     Pr_marginal : coordinates read along an injection J -> I are again     *)
(*        independent and uniform; no independence between different          *)
(*        injections is needed for a union bound                              *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition Pr (Omega : finType) (B : {set Omega}) : rat := #|B|%:R / #|Omega|%:R.

Lemma Pr_ge0 (Omega : finType) (B : {set Omega}) : 0 <= Pr B.
Proof. by rewrite divr_ge0 ?ler0n. Qed.

Lemma Pr_set0 (Omega : finType) : Pr (@set0 Omega) = 0.
Proof. by rewrite /Pr cards0 mul0r. Qed.

Lemma Pr_union (Omega I : finType) (B : I -> {set Omega}) :
  Pr (\bigcup_i B i) <= \sum_i Pr (B i).
Proof.
rewrite /Pr -mulr_suml ler_wpmul2r ?invr_ge0 ?ler0n // -natr_sum ler_nat.
elim/big_rec2: _ => [|i n S _ IH]; first by rewrite cards0.
by apply: leq_trans (leq_card_setU _ _) _; rewrite leq_add2l.
Qed.

Lemma Pr_preim (Omega Omega' : finType) (f : Omega -> Omega') (m : nat) (B : {set Omega'}) :
  (0 < m)%N -> (forall y, #|[set w | f w == y]| = m) -> Pr (f @^-1: B) = Pr B.
Proof.
move=> m0 fib.
have card_pre (C : {set Omega'}) : #|f @^-1: C| = (#|C| * m)%N.
  rewrite -sum1_card (partition_big f (mem C)) /= => [|w]; last by rewrite inE.
  rewrite -sum_nat_const; apply: eq_bigr => y yC; rewrite -(fib y) -sum1_card.
  by apply: eq_bigl => w; rewrite !inE andb_idl // => /eqP->.
have cT : #|Omega| = (#|Omega'| * m)%N.
  by rewrite -cardsT -(cardsT Omega') -card_pre; congr #|pred_of_set _|; apply/setP => w; rewrite !inE.
by rewrite /Pr card_pre cT !natrM -mulf_div divff ?mulr1 // pnatr_eq0 -lt0n.
Qed.

Section Marginal.
Variables (T I J : finType) (e : J -> I).
Hypotheses (e_inj : injective e) (T_gt0 : (0 < #|T|)%N).

Definition marginal (w : {ffun I -> T}) : {ffun J -> T} := [ffun j => w (e j)].

Lemma card_marginal (y : {ffun J -> T}) :
  #|[set w | marginal w == y]| = (#|T| ^ (#|I| - #|J|))%N.
Proof.
pose F (i : I) : {set T} := if [pick j | e j == i] is Some j then [set y j] else setT.
have Fe j : F (e j) = [set y j].
  rewrite /F; case: pickP => [j' /eqP/e_inj-> //|/(_ j)]; by rewrite eqxx.
have FE i : i \notin codom e -> F i = setT.
  rewrite /F; case: pickP => // j /eqP <-; by rewrite codom_f.
have -> : [set w | marginal w == y] = [set w | w \in family F].
  apply/setP => w; rewrite !inE; apply/eqP/familyP => [E i|H].
    have [/codomP[j ->]|ni] := boolP (i \in codom e); last by rewrite FE ?inE.
    by rewrite Fe inE -E ffunE.
  by apply/ffunP => j; rewrite ffunE; have := H (e j); rewrite Fe inE => /eqP.
rewrite cardsE card_family foldrE big_map big_enum /=.
rewrite (bigID (mem (codom e))) /= big1 ?mul1n => [|i /codomP[j ->]]; last by rewrite Fe cards1.
rewrite (eq_bigr (fun=> #|T|)) => [|i ni]; last by rewrite FE ?cardsT.
rewrite prod_nat_const; congr (_ ^ _)%N.
rewrite -(card_codom e_inj) -(cardC (mem (codom e))) addKn.
by apply: eq_card => i; rewrite !inE.
Qed.

Theorem Pr_marginal (B : {set {ffun J -> T}}) : Pr (marginal @^-1: B) = Pr B.
Proof. by apply: Pr_preim card_marginal; rewrite expn_gt0 T_gt0. Qed.

End Marginal.
