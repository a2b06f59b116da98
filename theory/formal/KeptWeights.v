(******************************************************************************)
(* The table of kept weights that the checker computes.                       *)
(*                                                                            *)
(*     nth_kept : its entry is the weight of that position if the mask keeps  *)
(*        it, else 0                                                          *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect.
From mathcomp Require Import zify.
From lottery Require Import Philox Checker.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Notation Z := BinNums.Z.

Lemma list_nth T (l : seq T) d n : List.nth n l d = nth d l n.
Proof. by elim: l n => [|x l IH] [|n] //=. Qed.

Lemma size_block key i t b : size (block key i t b) = 4%N.
Proof. by rewrite /block /philox; case: (snd _) => [[[w0 w1] w2] w3]. Qed.

Lemma nth_blocks (T : Type) (d : T) (g : nat -> seq T) pos a B : (forall b, size (g b) = 4%N) ->
  (pos < B * 4)%N -> nth d (flatten [seq g b | b <- iota a B]) pos = nth d (g (a + pos %/ 4)%N) (pos %% 4).
Proof.
move=> g4; elim: B a pos => [|B IH] a pos //=; rewrite nth_cat g4 => h.
case: ltnP => lt4; first by rewrite divn_small // modn_small // addn0.
rewrite IH; last by move: h lt4; clear; lia.
have -> : (a.+1 + (pos - 4) %/ 4 = a + pos %/ 4)%N by move: lt4; clear; lia.
by congr nth; move: lt4; clear; lia.
Qed.

Lemma weight_block key i t pos : weight key i t pos = nth Z0 (block key i t (pos %/ 4)) (pos %% 4).
Proof.
rewrite /weight list_nth; congr (nth _ (block _ _ _ _) _).
  by move: (Nat.div_mod pos 4) (Nat.mod_upper_bound pos 4); clear; lia.
by move: (Nat.div_mod pos 4) (Nat.mod_upper_bound pos 4); clear; lia.
Qed.

Lemma nth_kept key i t mask pos :
  nth Z0 (kept_weights key i t mask) pos = if nth false mask pos then weight key i t pos else Z0.
Proof.
rewrite /kept_weights; set every := flatten _; case: (ltnP pos (size mask)) => h; last first.
  rewrite [nth false _ _]nth_default // nth_default // size_map size_zip.
  exact: leq_trans (geq_minr _ _) h.
have B4 : (size mask <= (size mask + 3) %/ 4 * 4)%N by lia.
have sE : size every = ((size mask + 3) %/ 4 * 4)%N.
  have size4 (g : nat -> seq Z) a B : (forall b, size (g b) = 4%N) ->
      size (flatten [seq g b | b <- iota a B]) = (B * 4)%N.
    by move=> g4; elim: B a => //= B IH a; rewrite size_cat IH g4 mulSn.
  exact/size4/size_block.
rewrite (nth_map (Z0, false)) ?size_zip ?leq_min ?h ?(leq_trans h) ?sE //.
rewrite nth_zip_cond size_zip leq_min h (leq_trans h) ?sE //=.
by rewrite (nth_blocks _ _ (size_block _ _ _)) ?(leq_trans h) // add0n weight_block.
Qed.
