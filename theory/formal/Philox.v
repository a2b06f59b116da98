(******************************************************************************)
(* The random weights, by position (numerics/random_weights.py).              *)
(*                                                                            *)
(* Philox-4x64-10 (Salmon, Moraes, Dror and Shaw 2011) maps a key of two and  *)
(* a counter of four 64-bit words to four 64-bit words.                       *)
(*     philox key counter       == that block                                 *)
(*     weight key layer tensor position == the weight, in units of 2^-23, at  *)
(*        this position of this tensor: a function of one 64-bit word of the  *)
(*        block with counter (position / 4, 0, tensor, layer)                 *)
(******************************************************************************)
From Coq Require Import NArith ZArith List.
Local Open Scope N_scope.

Definition word := N.
Definition low (x : N) : word := N.land x (N.ones 64).
Definition high (x : N) : word := N.shiftr x 64.

Definition philox_round (s : (word * word) * (word * word * word * word)) :=
  let '((k0, k1), (c0, c1, c2, c3)) := s in
  let a := 0xD2E7470EE14C6C93 * c0 in
  let b := 0xCA5A826395121157 * c2 in
  ((low (k0 + 0x9E3779B97F4A7C15), low (k1 + 0xBB67AE8584CAA73B)),
   (N.lxor (N.lxor (high b) c1) k0, low b, N.lxor (N.lxor (high a) c3) k1, low a)).

Definition philox (key : N) (c : word * word * word * word) : list word :=
  let '(w0, w1, w2, w3) := snd (Nat.iter 10 philox_round ((low key, high key), c)) in
  w0 :: w1 :: w2 :: w3 :: nil.

(* bit 23 of a word is the sign, bits 0 to 22 are the magnitude minus one *)
Definition weight_of (w : word) : Z :=
  let magnitude := (Z.of_N (N.land w (N.ones 23)) + 1)%Z in
  if N.testbit w 23 then (- magnitude)%Z else magnitude.

Definition block (key : N) (layer tensor b : nat) : list Z :=
  map weight_of (philox key (N.of_nat b, 0, N.of_nat tensor, N.of_nat layer)).

Definition weight (key : N) (layer tensor position : nat) : Z :=
  nth (Nat.modulo position 4) (block key layer tensor (Nat.div position 4)) 0%Z.

(* symbolic proofs never unfold these *)
Arguments philox : simpl never.
Arguments block : simpl never.
Arguments weight : simpl never.
