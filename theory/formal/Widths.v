(******************************************************************************)
(* A table of widths, for comparison with the Python side.                    *)
(*                                                                            *)
(*     halvings c s d == the least L with c * s^2 * d <= 2^L                  *)
(*     channels l n n' K s d == 51 * halvings (16 l n n' K) s d, the hidden   *)
(*        channels per input channel that strong_lottery_ticket (Main.v) asks *)
(*        for at failure probability 1 / d and accuracy s                     *)
(* channels_sound : this width satisfies the hypotheses failure and width.    *)
(* Binary integers are used so that Coq can evaluate the table.  Each row     *)
(* printed below is (l, n, n', K, s, d, width).                               *)
(******************************************************************************)
From Coq Require Import ZArith List.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Delimit Scope Z_scope with ZZ.

Definition halvings (c s d : Z) : Z := Z.log2_up (c * s ^ 2 * d)%ZZ.
Definition channels (l n n' K s d : Z) : Z :=
  (51 * halvings (16 * l * (n * n' * K)) s d)%ZZ.

Lemma channels_sound (l n n' K s d : nat) : (0 < d)%N ->
  exists L : nat,
    channels (Z.of_nat l) (Z.of_nat n) (Z.of_nat n') (Z.of_nat K) (Z.of_nat s) (Z.of_nat d)
      = Z.of_nat (51 * L)
    /\ ((16 * l * (n * n' * K) * s ^ 2)%N%:R <= 1 / d%:R * 2%:R ^+ L :> rat)%R.
Proof.
move=> d0; set x := (16 * l * (n * n' * K) * s ^ 2 * d)%N.
have xE : (16 * Z.of_nat l * (Z.of_nat n * Z.of_nat n' * Z.of_nat K) * Z.of_nat s ^ 2
           * Z.of_nat d = Z.of_nat x)%ZZ by rewrite /x; lia.
exists (Z.to_nat (Z.log2_up (Z.of_nat x))); split.
  rewrite /channels /halvings xE; have := Z.log2_up_nonneg (Z.of_nat x); lia.
rewrite mulrAC ler_pdivl_mulr ?ltr0n // mul1r -natrX -natrM ler_nat -/x.
have [k kE] : exists k : nat, Z.log2_up (Z.of_nat x) = Z.of_nat k.
  by exists (Z.to_nat (Z.log2_up (Z.of_nat x))); have := Z.log2_up_nonneg (Z.of_nat x); lia.
rewrite kE Nat2Z.id; case: (ltnP 1 x) => [x1|x1]; last by apply: leq_trans x1 _; rewrite expn_gt0.
by have := Z.log2_up_spec (Z.of_nat x) ltac:(lia); rewrite kE; lia.
Qed.

Open Scope Z_scope.
Definition row (p : Z * Z * Z * Z * Z * Z) :=
  let '(l, n, n', K, s, d) := p in (p, channels l n n' K s d).

Eval vm_compute in map row
  ((1, 1, 1, 1, 1024, 100) :: (2, 10, 10, 1, 4096, 100) :: (3, 8, 8, 9, 131072, 1000)
   :: (5, 16, 32, 25, 65536, 1000000) :: (3, 1, 1, 2, 512, 20) :: (4, 64, 64, 8, 131072, 10000) :: nil).
