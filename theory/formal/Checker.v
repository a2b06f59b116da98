(******************************************************************************)
(* The certificate checker, as a program of the kernel.                       *)
(*                                                                            *)
(* It recomputes everything from the key, the masks and the numbers of the    *)
(* target: random weights, orbits, subset sums, residuals, norm bounds, their *)
(* composition; and demands that each number stated be the one it finds, as   *)
(* checks/recheck does.  All numbers are binary integers.                     *)
(*     check c == the certificate is accepted                                 *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect.
From lottery Require Import Philox Orbits Certificate.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Close Scope Q_scope.
Local Open Scope nat_scope.
Notation Z := BinNums.Z.
Notation Q := QArith_base.Q.

(* integer arithmetic *)
Definition total (n : nat) (f : nat -> Z) : Z := foldr (fun j s => Z.add (f j) s) Z0 (iota 0 n).
Fixpoint dot (a b : seq Z) : Z :=
  if (a, b) is (x :: a', y :: b') then Z.add (Z.mul x y) (dot a' b') else Z0.
Definition gram (A : seq (seq Z)) : seq (seq Z) := [seq [seq dot a b | b <- A] | a <- A].
Definition floor2 (a e : Z) : Z := Z.shiftl a e.                     (* floor (a * 2^e) *)
Definition ceil2 (a e : Z) : Z := Z.opp (Z.shiftl (Z.opp a) e).      (* the integer above *)

(* an upper bound i * 2^e of the operator norm of the square matrix A, by k squarings *)
Definition largest (A : seq (seq Z)) : Z :=
  foldr (fun a s => foldr (fun x t => Z.max (Z.abs x) t) s a) Z0 A.
Definition sum_squares (A : seq (seq Z)) : Z := foldr (fun a s => Z.add (dot a a) s) Z0 A.
(* the largest sum over a row or a column of the norms of the blocks (q * w + i, q' * w + j) *)
Definition block_root (m w : nat) (A : seq (seq Z)) (i j : nat) : Z :=
  Z.sqrt_up (total m (fun q => total m (fun q' =>
    let x := nth Z0 (nth [::] A (q * w + i)) (q' * w + j) in Z.mul x x))).
Definition block_sum (m w : nat) (A : seq (seq Z)) : Z :=
  let F := mkseq (fun i => mkseq (fun j => block_root m w A i j) w) w in
  let root i j := nth Z0 (nth [::] F i) j in
  foldr Z.max Z0 (mkseq (fun i => total w (fun j => root i j)) w ++ mkseq (fun j => total w (fun i => root i j)) w).
Definition base_bound (m w : nat) (blockwise : bool) (A : seq (seq Z)) : Z :=
  let frobenius := Z.sqrt_up (sum_squares A) in
  if blockwise then Z.min frobenius (block_sum m w A) else frobenius.
Fixpoint norm_bound (m w : nat) (blockwise : bool) (k : nat) (A : seq (seq Z)) : Z * Z :=
  let top := largest A in
  if Z.eqb top Z0 then (Z0, Z0) else
  let e := Z.sub (Z.log2 top) 63 in
  let A' := [seq [seq floor2 x (Z.opp e) | x <- a] | a <- A] in
  let bound := if k is k'.+1 then let (i, e') := norm_bound m w blockwise k' (gram A') in Z.sqrt_up (ceil2 i e')
               else base_bound m w blockwise A' in
  (Z.add bound (if Z.ltb Z0 e then Z.of_nat (size A) else Z0), e).

(* numbers in units of 2^-64 *)
Definition unit64 (t : Z) : Q := Qmake t (2 ^ 64).
Definition round_up (q : Q) : Q :=
  unit64 (Z.opp (Z.div (Z.opp (Z.shiftl (Qnum q) 64)) (Zpos (Qden q)))).
(* the norm of rows over 2^s, and the length of a vector over 2^s *)
Definition matrix_norm (m w : nat) (blockwise : bool) (k : nat) (s : Z) (rows : seq (seq Z)) : Q :=
  let (i, e) := norm_bound m w blockwise k (gram rows) in
  unit64 (Z.sqrt_up (ceil2 i (Z.add e (Z.sub 128 (Z.mul 2 s))))).
Definition length (s : Z) (a : seq Z) : Q :=
  unit64 (Z.sqrt_up (ceil2 (dot a a) (Z.sub 128 (Z.mul 2 s)))).

(* a number of the target in units of 2^-s; to be checked, since its denominator may not divide 2^s *)
Definition scaled (s : Z) (q : Q) : Z := Z.mul (Qnum q) (Z.div (Z.shiftl 1 s) (Zpos (Qden q))).
Definition exactly (s : Z) (x : Z) (q : Q) : bool := Z.eqb (Z.mul x (Zpos (Qden q))) (Z.mul (Qnum q) (Z.shiftl 1 s)).
Definition all_exactly (s : Z) (xs : seq Z) (qs : seq Q) : bool :=
  (size xs == size qs) && all (fun xq => exactly s xq.1 xq.2) (zip xs qs).

Definition space_ok (generators sharings : nat) (s : space) : bool :=
  [&& 0 < channels s, 0 < points s, size (images s) == generators, size (sharing s) == sharings &
      all (fun g => perm_eq g (iota 0 (points s))) (images s)].

(* the support names some orbits, increasing; the basis has as many operators *)
Definition support_ok (kept : option (seq nat)) (total size_stated : nat) : bool :=
  if kept is Some ks then
    [&& sorted ltn ks, all (gtn total) ks, 0 < size ks < total & size_stated == size ks]
  else size_stated == total.

(* weights at positions 0, ..., count - 1 that a mask keeps *)
Definition kept_weights (key : N) (i tensor : nat) (mask : bitseq) : seq Z :=
  let every := flatten [seq block key i tensor b | b <- iota 0 ((size mask + 3) %/ 4)] in
  [seq if wb.2 then wb.1 else Z0 | wb <- zip every mask].

(* some weight of channel h is kept *)
Definition used (outputs hidden : nat) (mask : bitseq) : bitseq :=
  mkseq (fun h => has (fun o => nth false mask (h * outputs + o)) (iota 0 outputs)) hidden.

Section Layer.
Variables (c : certificate) (i : nat).
Let f := floor_layer c i.
Let n := channels (floor c i).
Let v := points (floor c i).
Let m := channels (floor c i.+1).
Let w := points (floor c i.+1).
Let K := basis_size f.
Let K1 := hidden_basis_size f.
Let I := invariants f.
Let N := width c.

Definition own_weights : seq Z :=
  mkseq (fun h => if nth false (first f) h
                  then weight (key c) i 0 ((h * n + h %/ N) * K1 + identity f) else Z0) (n * N).

(* the subset sums at [q][p][k], in units of 2^-46, over the first-layer weights of one sign *)
Definition sums (sign : Z -> Z) (us vs : seq Z) : seq Z :=
  let us' := [seq Z.max (sign u) 0 | u <- us] in
  mkseq (fun o => let k := o %% K in let p := (o %/ K) %% n in let q := o %/ K %/ n in
    total N (fun j => let h := p * N + j in
      Z.mul (nth Z0 us' h) (nth Z0 vs ((h * m + q) * K + k)))) (m * n * K).
Definition bias_sums (us vs : seq Z) : seq Z :=
  mkseq (fun o => total (constants c) (fun j =>
    Z.mul (Z.max (nth Z0 us j) 0) (nth Z0 vs (j * (m * I) + o)))) (m * I).

Definition scale : Z :=
  foldr (fun q s => Z.max (Z.log2 (Zpos (Qden q))) s) 46%Z (coefficients f ++ bias f).

(* the rows of the matrix with these coefficients in the orbit basis *)
Definition rows (orbit : seq nat) (a : seq Z) : seq (seq Z) :=
  mkseq (fun r => let q := r %/ w in let y := r %% w in
    mkseq (fun j =>
      let k := nth 0 orbit (y * v + j %% v) in
      if k < K then nth Z0 a ((q * n + j %/ v) * K + k) else Z0) (n * v)) (m * w).
Definition beside (A B : seq (seq Z)) : seq (seq Z) := [seq ab.1 ++ ab.2 | ab <- zip A B].
Definition vector (orbit : seq nat) (a : seq Z) : seq Z :=
  mkseq (fun r => nth Z0 a (r %/ w * I + nth 0 orbit (r %% w))) (m * w).

(* the diagonal is a union of kept orbits, the identity stands for the first *)
Definition identity_ok (hidden : seq nat) : bool :=
  let label y z := nth 0 hidden (y * v + z) in
  let diagonal := [seq label y y | y <- iota 0 v] in
  [&& identity f == label 0 0, all (gtn K1) diagonal &
      all (fun y => all (fun z => (y == z) || (label y z \notin diagonal)) (iota 0 v)) (iota 0 v)].

(* how often to square: eight times, fewer where that would take long *)
Definition squarings : nat :=
  let classes := Z.of_nat (orbit_total (images (floor c i.+1)) (images (floor c i.+1))) in
  let steps := Z.add (Z.pow (Z.of_nat m) 3) 32 in
  let work := Z.mul (Z.mul classes (Z.min (Z.of_nat w) (Z.mul classes classes))) steps in
  if blockwise c then Z.to_nat (Z.min 8 (Z.div (Z.shiftl 1 27) work)) else 8.

Definition check_layer : bool :=
  let im_x := maps (floor c i) in let im_y := maps (floor c i.+1) in let im_1 := ones (floor c i.+1) in
  let orbit := labels c i in let hidden := hidden_labels c i in let orbit1 := point_labels c i in
  let s := scale in let unit := Z.shiftl 1 (Z.sub s 46) in
  let us := own_weights in let vs := kept_weights (key c) i 1 (second f) in
  let lam := [seq scaled s q | q <- coefficients f] in
  let beta := [seq scaled s q | q <- bias f] in
  let plus := [seq Z.sub (Z.mul x.1 unit) x.2 | x <- zip (sums id us vs) lam] in
  let minus := [seq Z.add (Z.mul x.1 unit) x.2 | x <- zip (sums Z.opp us vs) lam] in
  let cs := kept_weights (key c) i 2 (constant_first f) in
  let off := [seq Z.sub (Z.mul x.1 unit) x.2
             | x <- zip (bias_sums cs (kept_weights (key c) i 3 (constant_second f))) beta] in
  [&& orbits_ok im_y im_x, orbits_ok im_x im_x, orbits_ok im_y im_1, identity_ok hidden,
      [&& support_ok (support f) (orbit_total im_y im_x) K,
          support_ok (support1 f) (orbit_total im_x im_x) K1 & I == orbit_total im_y im_1],
      [&& size (coefficients f) == m * n * K, size (bias f) == m * I,
          size (second f) == n * N * m * K & size (constant_second f) == constants c * m * I],
      (first f == used (m * K) (n * N) (second f)) &&
      (constant_first f == used (m * I) (constants c) (constant_second f)),
      all (Z.leb 0) cs,
      all_exactly s lam (coefficients f) && all_exactly s beta (bias f),
      [&& all_exactly s plus (residuals_plus f), all_exactly s minus (residuals_minus f) &
          all_exactly s off (residuals_bias f)] &
      [&& Qeq_bool (norm f) (matrix_norm m w (blockwise c) squarings s (rows orbit lam)),
          Qeq_bool (error_norm f) (matrix_norm m w (blockwise c) squarings s (beside (rows orbit plus) (rows orbit minus))),
          Qeq_bool (bias_norm f) (length s (vector orbit1 beta)) &
          Qeq_bool (bias_error_norm f) (length s (vector orbit1 off))]].

End Layer.

(* bounds of the target's signal and of the error after the first l layers *)
Fixpoint bounds (c : certificate) (l : nat) : Q * Q :=
  if l is i.+1 then
    let (size, error) := bounds c i in let f := floor_layer c i in
    (round_up (Qplus (Qmult (norm f) size) (bias_norm f)),
     round_up (Qplus (Qplus (Qmult (norm f) error) (Qmult (error_norm f) (Qplus size error))) (bias_error_norm f)))
  else (radius c, zero).

Definition check (c : certificate) : bool :=
  [&& (0 < depth c) && (size (spaces c) == (depth c).+1), (0 < generators c) && (0 < width c),
      all (space_ok (generators c) (size (sharing (floor c 0)))) (spaces c),
      all (check_layer c) (iota 0 (depth c)),
      Z.ltb 0 (Qnum (radius c)) && Z.ltb 0 (Qnum (epsilon c)),
      Qeq_bool (error_bound c) (bounds c (depth c)).2 & Qle_bool (error_bound c) (epsilon c)].
