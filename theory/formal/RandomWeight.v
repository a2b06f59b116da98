(******************************************************************************)
(* Random weights on a grid.                                                  *)
(*                                                                            *)
(* A random weight is k / M with k uniform on {+-1, ..., +-M}.                *)
(*     weight M     == the type of the 2 M equally likely weights             *)
(*     wval w       == the integer k of the weight k / M                      *)
(*     magnitude w  == its absolute value                                     *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.

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
