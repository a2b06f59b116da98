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
(* R = 2 of companion A1').  Rounding   errors do not add up along a sum: a   *)
(* target is always approached from its leftmost partial sum, and the side to *)
(* which a product is rounded depends on the error already made (drift).      *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From lottery Require Import CoverageGrowth WindowCut.
From lottery Require Export RandomWeight ProductStep.

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
Notation center := (center b).
Notation psum := (psum s).
Notation grain := (grain b e0).
Notation leftmost := (leftmost b e0).
Notation gained := (gained e0 s).
Notation enlarge := (enlarge s).
Notation pstep := (@pstep b e0 s).
Notation pcov := (@pcov b).
Notation pinv := (@pinv b e0).
Let E : int := e0%:Z * M%:Z.
Hypothesis b_gt0 : (0 < b)%N.
Let M_gt0 : (0 < M)%N. Proof. by rewrite double_gt0. Qed.

Definition product_rate : rat := (b - grain.+1)%N%:R / (32 * b)%N%:R.

Lemma product_coverage : coverage_process pstep pcov pinv product_rate.
Proof.
have new (st : seq int * {set W}) x :
  pcov (pstep st x) :\: pcov st = gained st.1 st.2 x :\: st.2.
  by rewrite /ProductStep.pcov /= setDUl setDv set0U.
split=> [[S A] x I y|[S A] x I|[S A] x I|[S A] I].
- rewrite /= in_setU /= /ProductStep.enlarge => /orP[yA|].
    have [c cS cy] := I y yA; exists c => //.
    by case: ifP => // _; rewrite mem_cat cS.
  rewrite inE => /andP[/andP[xs aM] /existsP[y' /andP[y'A h]]].
  have [h1 _ _] := leftmost_close b_gt0 I y'A.
  exists (leftmost S y' + magnitude x.1 * wval x.2).
    by rewrite xs mem_cat; apply/orP; right; apply/mapP; exists (leftmost S y').
  by apply: (hit_close b_gt0 I y'A _ aM h); rewrite /magnitude; lia.
- exact: subsetUl.
- by rewrite new; exact: card_gained.
- under [in X in _ <= X]eq_bigr => x _ do rewrite new /=.
  rewrite /ProductStep.pcov /=; set near := (\sum_(y in A) \sum_(z in ~: A) nearby b y z)%N.
  have cut : (#|A| * #|~: A| <= 8 * near)%N by exact: (@window_cut 2 b A).
  have big : ((b - grain.+1) * near <= \sum_x #|gained S A x :\: A|)%N.
    rewrite -(pair_bigA _ (fun u w => #|gained S A (u, w) :\: A|)) /=.
    rewrite -(pair_bigA _ (fun t a => \sum_w #|gained S A ((t, a), w) :\: A|)%N) /=.
    rewrite (bigD1 s) //=; apply: leq_trans (leq_addr _ _).
    rewrite (bigID (fun a : 'I_M => (b.+1 <= a)%N && (a < M - grain)%N)) /=.
    apply: leq_trans (leq_addr _ _).
    apply: (@leq_trans (\sum_(a < M | (b.+1 <= a) && (a < M - grain)) near)%N); last first.
      by apply: leq_sum => a /andP[a1 a2]; exact: (gained_ge s b_gt0 I).
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
  by exists [::] => //; exists c; rewrite // /ProductStep.psum big_nil addr0.
move: c0S; rewrite /= /ProductStep.enlarge; case: ifP => xs_s.
  rewrite mem_cat => /orP[c0S|/mapP[c1 c1S ->]].
    by exists (false :: m); rewrite /= ?sm //; exists c0.
  exists (true :: m); rewrite /= ?sm //; exists c1 => //.
  by rewrite /ProductStep.psum /= big_cons xs_s addrA.
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
rewrite /ProductStep.center fE /E normrM [`|M%:Z|]ger0_norm // ler_wpmul2r //.
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
  rewrite /ProductStep.center -mulrBl normrM [`|M%:Z|]ger0_norm ?ler0z // ler_wpmul2r ?ler0z //.
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
