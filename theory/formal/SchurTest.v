(******************************************************************************)
(* The block Schur test, without roots.                                       *)
(*                                                                            *)
(* A matrix is cut into blocks by the classes bl of its rows and columns.     *)
(*     block_square A i j == the sum of the squares of block (i, j)           *)
(* Main result:                                                               *)
(*     schur_le : if F i j ^ 2 bounds the squares of block (i, j), F >= 0, and*)
(*        every row and every column of F sums to at most S, then |A| <= S    *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From lottery Require Import OperatorNorm.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Schur.
Variables (R : realFieldType) (r w : nat) (A : nat -> nat -> R) (bl : nat -> nat) (F : nat -> nat -> R) (S : R).

Definition block_square (i j : nat) : R :=
  \sum_(a < r | bl a == i) \sum_(b < r | bl b == j) A a b ^+ 2.

Hypothesis bl_lt : forall a, (a < r)%N -> (bl a < w)%N.
Hypothesis F_ge0 : forall i j, 0 <= F i j.
Hypothesis F_ge : forall i j, (i < w)%N -> (j < w)%N -> block_square i j <= F i j ^+ 2.
Hypothesis rows_le : forall i, (i < w)%N -> \sum_(j < w) F i j <= S.
Hypothesis cols_le : forall j, (j < w)%N -> \sum_(i < w) F i j <= S.

(* (sum t)^2 <= (sum f) (sum t^2 / f), where f = 0 only if t = 0 *)
Lemma weighted_square (f t q : 'I_w -> R) : (forall j, 0 <= f j) -> (forall j, 0 <= q j) ->
  (forall j, t j ^+ 2 <= f j * q j) -> (\sum_j t j) ^+ 2 <= (\sum_j f j) * \sum_j q j.
Proof.
move=> f0 q0 h; have cs (a b c d p s : R) : 0 <= a -> 0 <= b -> 0 <= c -> 0 <= d ->
    p ^+ 2 <= a * b -> s ^+ 2 <= c * d -> (p + s) ^+ 2 <= (a + c) * (b + d).
  move=> a0 b0 c0 d0 hp hs; have ps : 2%:R * (p * s) <= a * d + c * b.
    apply: sqr_le; first by rewrite addr_ge0 ?mulr_ge0.
    apply: (@le_trans _ _ (4%:R * ((a * b) * (c * d)))).
      have -> : (2%:R * (p * s)) ^+ 2 = 4%:R * (p ^+ 2 * s ^+ 2) by ring.
      by apply: ler_wpmul2l; rewrite ?ler0n //; apply: ler_pmul; rewrite ?sqr_ge0.
    rewrite -subr_ge0; have -> : (a * d + c * b) ^+ 2 - 4%:R * (a * b * (c * d)) = (a * d - c * b) ^+ 2 by ring.
    exact: sqr_ge0.
  have -> : (p + s) ^+ 2 = p ^+ 2 + s ^+ 2 + 2%:R * (p * s) by ring.
  have -> : (a + c) * (b + d) = a * b + c * d + (a * d + c * b) by ring.
  by apply: ler_add => //; apply: ler_add.
suff [] : [/\ 0 <= \sum_j f j, 0 <= \sum_j q j & (\sum_j t j) ^+ 2 <= (\sum_j f j) * \sum_j q j] by [].
elim/big_rec3: _ => [|j x y z _ [x0 y0 hz]]; first by rewrite expr0n mulr0.
by split; [exact: addr_ge0 | exact: addr_ge0 | exact: cs].
Qed.

Theorem schur_le : op_le r r A S.
Proof.
move=> x; pose part j := \sum_(b < r | bl b == j) x b ^+ 2.
have part0 j : 0 <= part j by apply: sumr_ge0 => b _; exact: sqr_ge0.
have whole : \sum_(j < w) part j = sqnorm r x.
  rewrite /part /sqnorm (exchange_big_dep xpredT) //=; apply: eq_bigr => b _.
  rewrite (bigD1 (Ordinal (bl_lt (ltn_ord b)))) //= big1 ?addr0 // => j /andP[/eqP E].
  by rewrite -val_eqE /= -E eqxx.
pose row a j := \sum_(b < r | bl b == j) A a b ^+ 2.
have row0 a j : 0 <= row a j by apply: sumr_ge0 => b _; exact: sqr_ge0.
pose Y a j := \sum_(b < r | bl b == j) A a b * x b.
have Yle a j : Y a j ^+ 2 <= row a j * part j.
  have := cauchy_schwarz r (fun b => if bl b == j then A a b else 0) (fun b => if bl b == j then x b else 0).
  rewrite /sqnorm /Y /row /part ![\sum_(b < r | _) _]big_mkcond /=.
  by congr (_ ^+ 2 <= _ * _); apply: eq_bigr => b _; case: ifP; rewrite ?mul0r ?expr0n.
pose q a j := row a j * part j / F (bl a) j.
have q0 a j : 0 <= q a j by rewrite divr_ge0 ?mulr_ge0.
have row_le a j : (a < r)%N -> row a j <= block_square (bl a) j.
  move=> lt_a; rewrite /block_square (bigD1 (Ordinal lt_a)) //= ler_addl.
  by apply: sumr_ge0 => b _; apply: sumr_ge0 => d _; exact: sqr_ge0.
have YF a (j : 'I_w) : (a < r)%N -> Y a j ^+ 2 <= F (bl a) j * q a j.
  move=> lt_a; apply: le_trans (Yle a j) _; rewrite /q.
  have [F0|Fn] := eqVneq (F (bl a) j) 0; last by rewrite [X in _ <= X]mulrC divfK.
  have := F_ge (bl_lt lt_a) (ltn_ord j); rewrite F0 expr0n => b0.
  have -> : row a j = 0 by apply/le_anti; rewrite row0 (le_trans (row_le _ _ lt_a)).
  by rewrite !mul0r.
have rowE a : apply r A x a = \sum_(j < w) Y a j.
  rewrite /apply /Y (exchange_big_dep xpredT) //=; case: (ltnP a r) => lt_a; apply: eq_bigr => b _.
    rewrite (bigD1 (Ordinal (bl_lt (ltn_ord b)))) //= big1 ?addr0 // => j /andP[/eqP E].
    by rewrite -val_eqE /= -E eqxx.
  rewrite (bigD1 (Ordinal (bl_lt (ltn_ord b)))) //= big1 ?addr0 // => j /andP[/eqP E].
  by rewrite -val_eqE /= -E eqxx.
have [w0|w_gt0] := posnP w.
  rewrite [X in X <= _]/sqnorm big1 => [|a _]; last by have := bl_lt (ltn_ord a); rewrite w0.
  by apply: mulr_ge0; [exact: sqr_ge0 | exact: sqnorm_ge0].
have S0 : 0 <= S by apply: le_trans (rows_le w_gt0); apply: sumr_ge0 => j _; exact: F_ge0.
apply: (@le_trans _ _ (\sum_(a < r) S * \sum_(j < w) q a j)).
  apply: ler_sum => a _; rewrite rowE.
  apply: le_trans (weighted_square (f := fun j : 'I_w => F (bl a) j) (q := fun j : 'I_w => q a j) _ _ _) _ => //.
    by move=> j; exact: YF.
  by apply: ler_wpmul2r; [apply: sumr_ge0 | exact/rows_le/bl_lt].
rewrite -mulr_sumr expr2 -mulrA; apply: ler_wpmul2l => //.
rewrite exchange_big /= -whole mulr_sumr; apply: ler_sum => j _.
apply: (@le_trans _ _ (\sum_(i < w) F i j * part j)); last first.
  by rewrite -mulr_suml; apply: ler_wpmul2r => //; exact: cols_le.
have -> : \sum_(a < r) q a j = \sum_(i < w) \sum_(a < r | bl a == i) q a j.
  rewrite [RHS](exchange_big_dep xpredT) //=; apply: eq_bigr => a _.
  rewrite (bigD1 (Ordinal (bl_lt (ltn_ord a)))) //= big1 ?addr0 // => i /andP[/eqP E].
  by rewrite -val_eqE /= -E eqxx.
apply: ler_sum => i _; rewrite /q.
rewrite (eq_bigr (fun a : 'I_r => row a j * (part j / F i j))); last by move=> a /eqP->; rewrite mulrA.
rewrite -mulr_suml; have B := F_ge (ltn_ord i) (ltn_ord j).
have [F0|Fn] := eqVneq (F i j) 0; first by rewrite F0 invr0 !mulr0 mul0r.
have Fp : 0 < F i j by rewrite lt_neqAle eq_sym Fn F_ge0.
rewrite mulrCA mulrC; apply: ler_wpmul2r => //.
by rewrite ler_pdivr_mulr // -expr2.
Qed.

End Schur.
