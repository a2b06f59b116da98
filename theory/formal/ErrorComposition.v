(******************************************************************************)
(* Composition of layer errors (companion A5).                                *)
(*                                                                            *)
(*     chain h k x == h_(k-1) (... (h_1 (h_0 x))), where h_i : X i -> X i.+1  *)
(* Main results:                                                              *)
(*     chain_error : if f_i is 1-Lipschitz with f_i 0 = 0 and                 *)
(*        |h_i x - f_i x| <= e_i |x|, then                                    *)
(*        |chain h x - chain f x| <= (\prod_i (1 + e_i) - 1) |x|              *)
(*     chain_equivariant : a chain of equivariant maps is equivariant         *)
(*     prod_error  : e_i <= eps / (2 l) and eps <= 1 give                     *)
(*        \prod_(i < l) (1 + e_i) - 1 <= eps.                                 *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From lottery Require Import LayerError.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Chain.
Variables (l : nat) (X : nat -> Type).

Fixpoint chain (h : forall i : 'I_l, X i -> X i.+1) (k : nat) : (k <= l)%N -> X 0%N -> X k :=
  match k with
  | 0%N => fun _ x => x
  | k'.+1 => fun lt_k' x => h (Ordinal lt_k') (chain h (ltnW lt_k') x)
  end.

(* a chain of equivariant maps is equivariant *)
Lemma chain_equivariant (h : forall i : 'I_l, X i -> X i.+1) (a : forall k, X k -> X k) :
  (forall (i : 'I_l) x, h i (a i x) = a i.+1 (h i x)) ->
  forall k (le_kl : (k <= l)%N) x, chain h le_kl (a 0%N x) = a k (chain h le_kl x).
Proof. by move=> ha; elim=> [|k IH] lt_kl x //=; rewrite IH (ha (Ordinal lt_kl)). Qed.

End Chain.

Section Error.
Variables (R : realFieldType) (l : nat) (X : nat -> lmodType R).
Let T (k : nat) : Type := X k.
Variable NX : forall k, X k -> R.
Hypothesis sNX : forall k, seminorm (@NX k).
Variables f h : forall i : 'I_l, X i -> X i.+1.
Variable e : nat -> R.
Hypothesis e_ge0 : forall i, 0 <= e i.
Hypothesis f_lip : forall i x y, NX (@f i x - @f i y) <= NX (x - y).
Hypothesis f0 : forall i, @f i 0 = 0.
Hypothesis close : forall (i : 'I_l) x, NX (@h i x - @f i x) <= e i * NX x.

Lemma chain_nonexp k (le_kl : (k <= l)%N) x : NX (@chain l T (@f) _ le_kl x) <= NX x.
Proof.
elim: k le_kl => [|k IH] lt_kl //=; apply: le_trans (IH (ltnW lt_kl)).
by have := @f_lip (Ordinal lt_kl) (@chain l T (@f) _ (ltnW lt_kl) x) 0; rewrite f0 !subr0.
Qed.

Theorem chain_error k (le_kl : (k <= l)%N) x :
  NX (@chain l T (@h) _ le_kl x - @chain l T (@f) _ le_kl x) <= (\prod_(i < k) (1 + e i) - 1) * NX x.
Proof.
elim: k le_kl => [|k IH] lt_kl /=.
  by rewrite big_ord0 !subrr mul0r seminorm0.
set i := Ordinal lt_kl; set y := @chain l T (@h) _ _ x; set z := @chain l T (@f) _ _ x.
have {}IH : NX (y - z) <= (\prod_(i < k) (1 + e i) - 1) * NX x by exact: IH.
have nz : NX z <= NX x by exact: chain_nonexp.
have -> : @h i y - @f i z = (@h i y - @f i y) + (@f i y - @f i z) by rewrite addrA subrK.
apply: le_trans (seminormD (sNX _) _ _) _.
apply: le_trans (ler_add (@close i y) (@f_lip i y z)) _.
set p := \prod_(i < k) _ in IH; have ny : NX y <= p * NX x.
  have -> : y = (y - z) + z by rewrite subrK.
  apply: le_trans (seminormD (sNX _) _ _) _; apply: le_trans (ler_add IH nz) _.
  by rewrite mulrBl mul1r subrK.
apply: le_trans (ler_add (ler_wpmul2l (e_ge0 k) ny) IH) _.
by rewrite big_ord_recr /= -/p le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End Error.

Section Product.
Variables (R : realFieldType).

Lemma exprD1_le (t : R) (l : nat) : 0 <= t -> t * (2 * l)%:R <= 1 ->
  forall k, (k <= l)%N -> (1 + t) ^+ k <= 1 + 2%:R * t * k%:R.
Proof.
move=> t0 tl; elim=> [|k IH] kl; first by rewrite expr0 mulr0 addr0.
rewrite exprSr; apply: le_trans (ler_wpmul2r _ (IH (ltnW kl))) _.
  by rewrite addr_ge0 ?ler01.
have h : 2%:R * t * k%:R <= 1.
  apply: le_trans tl; rewrite natrM mulrA [t * _]mulrC.
  by rewrite ler_wpmul2l ?mulr_ge0 ?ler0n // ler_nat ltnW.
have -> : (1 + 2%:R * t * k%:R) * (1 + t) = 1 + 2%:R * t * k%:R + t + (2%:R * t * k%:R) * t.
  by ring.
have -> : 1 + 2%:R * t * k.+1%:R = 1 + 2%:R * t * k%:R + t + t.
  by rewrite -[k.+1]addn1 natrD; ring.
by rewrite ler_add2l -[X in _ <= X]mul1r ler_wpmul2r.
Qed.

Lemma prod_error (l : nat) (e : nat -> R) (eps : R) : 0 <= eps -> eps <= 1 ->
  (forall i, 0 <= e i) -> (forall i, (i < l)%N -> e i <= eps / (2 * l)%:R) ->
  \prod_(i < l) (1 + e i) - 1 <= eps.
Proof.
move=> eps0 eps1 e0 he; case: (posnP l) => [->|l0]; first by rewrite big_ord0 subrr.
set t := eps / (2 * l)%:R; have t0 : 0 <= t by rewrite divr_ge0 ?ler0n.
have tE : t * (2 * l)%:R = eps.
  by rewrite /t divfK // pnatr_eq0 -lt0n muln_gt0.
apply: (@le_trans _ _ ((1 + t) ^+ l - 1)).
  rewrite ler_add2r -[X in _ <= _ ^+ X]card_ord -prodr_const.
  apply: ler_prod => i _; apply/andP; split; first by rewrite addr_ge0 ?ler01.
  by rewrite ler_add2l he.
rewrite ler_subl_addl; apply: le_trans (exprD1_le t0 _ (leqnn l)) _; first by rewrite tE.
by rewrite ler_add2l -tE natrM mulrA [t * _]mulrC.
Qed.

End Product.
