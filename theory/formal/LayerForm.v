(******************************************************************************)
(* A pruned layer and its target as matrices (used by CheckedLayer.v).        *)
(*                                                                            *)
(* Main results, n channels on v points to m channels on w points:            *)
(*     linear_rows    : a combination of operators is the matrix of its rows  *)
(*     hidden_split   : a kept hidden channel h is u+ relu x + u- relu (- x)  *)
(*     pruned_split   : the two masked random layers are P relu x + Q relu -x *)
(*        with P and Q the subset sums of products of weights                 *)
(*     target_split   : the target's layer is A relu x - A relu (- x)         *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ zify ring.
From lottery Require Import OperatorNorm Philox Orbits Certificate Checker Binary NormBound.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Close Scope Q_scope.
Local Open Scope ring_scope.
Notation Z := BinNums.Z.

Section Linear.
Variable R : realFieldType.
Notation real := (@real R).
Implicit Types (x y : nat -> R) (B a : nat -> nat -> nat -> R).

Lemma linear_ext n v w K B a a' x y r :
  (forall p k, (p < n)%N -> (k < K)%N -> a (r %/ w)%N p k = a' (r %/ w)%N p k) ->
  (forall j, (j < n * v)%N -> x j = y j) -> linear n v w K B a x r = linear n v w K B a' y r.
Proof.
move=> Ea E; apply: eq_bigr => p _; apply: eq_bigr => z _; rewrite E ?ltn_flat //; congr (_ * _).
by apply: eq_bigr => k _; rewrite Ea.
Qed.

Lemma linearB n v w K B a x y r :
  linear n v w K B a (fun j => x j - y j) r = linear n v w K B a x r - linear n v w K B a y r.
Proof.
rewrite /linear -sumrB; apply: eq_bigr => p _; rewrite -sumrB; apply: eq_bigr => z _.
by rewrite mulrBr.
Qed.

Lemma linearDa n v w K B a a' x r :
  linear n v w K B (fun q p k => a q p k + a' q p k) x r = linear n v w K B a x r + linear n v w K B a' x r.
Proof.
rewrite /linear -big_split; apply: eq_bigr => p _; rewrite -big_split; apply: eq_bigr => z _ /=.
by rewrite -mulrDl; congr (_ * _); rewrite -big_split; apply: eq_bigr => k _; rewrite mulrDl.
Qed.

Lemma linearNa n v w K B a x r :
  linear n v w K B (fun q p k => - a q p k) x r = - linear n v w K B a x r.
Proof.
rewrite /linear -sumrN; apply: eq_bigr => p _; rewrite -sumrN; apply: eq_bigr => z _.
by rewrite -mulNr; congr (_ * _); rewrite -sumrN; apply: eq_bigr => k _; rewrite mulNr.
Qed.

Lemma relu_split x j : relu x j - relu (fun k => - x k) j = x j.
Proof.
rewrite /relu; case: (leP (x j) 0) => h; first by rewrite max_l ?oppr_ge0 // sub0r opprK.
by rewrite max_r ?subr0 // oppr_le0 ltW.
Qed.

Lemma target_split n v w K B a x r :
  linear n v w K B a x r = linear n v w K B a (relu x) r - linear n v w K B a (relu (fun j => - x j)) r.
Proof. by rewrite -linearB; apply: linear_ext => // j _; rewrite relu_split. Qed.

(* one entry of a combination of operators *)
Lemma orbit_entry labels v K (a : nat -> R) (y z : nat) :
  \sum_(k < K) a k * orbit_basis R labels v k y z
  = let l := nth 0%N labels (y * v + z) in if (l < K)%N then a l else 0.
Proof.
rewrite /= -(sum_pick K _ a); apply: eq_bigr => k _; rewrite /orbit_basis.
by case: eqP => _; rewrite ?mulr1 ?mulr0.
Qed.

Lemma max_split (u t : R) :
  Num.max (u * t) 0 = Num.max u 0 * Num.max t 0 + Num.max (- u) 0 * Num.max (- t) 0.
Proof.
have neg (r : R) : 0 < r -> Num.max (- r) 0 = 0 by move=> r0; rewrite max_r // oppr_le0 ltW.
have pos (r : R) : r <= 0 -> Num.max (- r) 0 = - r by move=> r0; rewrite max_l // oppr_ge0.
case: (leP u 0) => hu; case: (leP t 0) => ht.
- by rewrite !pos // mulr0 add0r mulrNN max_l // mulr_le0.
- by rewrite (neg t) // mul0r mulr0 addr0 max_r // mulr_le0_ge0 // ltW.
- by rewrite (neg u) // mulr0 mul0r addr0 max_r // mulr_ge0_le0 // ltW.
- by rewrite (neg u) // mul0r addr0 max_l // ltW // mulr_gt0.
Qed.

(* the hidden channels that the fixed first mask keeps *)
Lemma hidden_split n v N K1 labels id (W : nat -> nat -> nat -> R) (on : nat -> bool) x h z :
  (id < K1)%N -> (h < n * N)%N -> (z < v)%N ->
  relu (linear n v v K1 (hidden_basis R labels v id)
    (fun h p k => if [&& p == h %/ N, k == id & on h]%N then W h p k else 0) x) (h * v + z)%N
  = let u := if on h then W h (h %/ N)%N id else 0 in
    Num.max u 0 * relu x (h %/ N * v + z)%N + Num.max (- u) 0 * relu (fun j => - x j) (h %/ N * v + z)%N.
Proof.
move=> id_lt h_lt z_lt /=; rewrite -max_split {1}/relu; congr (Num.max _ _).
rewrite /linear quotient // remainder //; set u := if on h then _ else 0.
have p_lt : (h %/ N < n)%N by apply: ltn_quotient.
have E p z' : \sum_(k < K1) (if [&& p == h %/ N, k == id :> nat & on h]%N then W h p k else 0)
      * hidden_basis R labels v id k z z' = if (h %/ N == p)%N then (if z == z' then u else 0) else 0.
  rewrite (eq_bigr (fun k : 'I_K1 => if id == k then (if (h %/ N == p)%N then
      (if z == z' then u else 0) else 0) else 0)) => [|k _].
    by rewrite (sum_pick K1 id (fun=> _)) id_lt.
  rewrite /hidden_basis [k == id :> nat]eq_sym [p == _]eq_sym /u.
  case: (eqVneq id k) => [<-|_]; last by rewrite andbF mul0r.
  case: eqP => [<-|_]; last by rewrite mul0r.
  by case: (on h); case: (z == z'); rewrite ?mulr1 ?mulr0 ?mul0r.
rewrite (bigD1 (Ordinal p_lt)) //= [X in _ + X]big1 ?addr0 => [|p ne]; last first.
  by apply: big1 => z' _; rewrite E; move: ne; rewrite -val_eqE /= eq_sym => /negbTE->; rewrite mul0r.
rewrite (bigD1 (Ordinal z_lt)) //= [X in _ + X]big1 ?addr0 => [|z' ne]; first by rewrite E !eqxx.
by rewrite E eqxx; move: ne; rewrite -val_eqE /= eq_sym => /negbTE->; rewrite mul0r.
Qed.

(* the second random layer on hidden channels of this form *)
Lemma pruned_split n v w N K B (c u : nat -> R) (V : nat -> nat -> nat -> R) y x1 x2 r :
  (forall h z : nat, (h < n * N)%N -> (z < v)%N ->
     y (h * v + z)%N = c h * x1 (h %/ N * v + z)%N + u h * x2 (h %/ N * v + z)%N) ->
  linear (n * N) v w K B V y r
  = linear n v w K B (fun q p k => \sum_(j < N) c (p * N + j)%N * V q (p * N + j)%N k) x1 r
  + linear n v w K B (fun q p k => \sum_(j < N) u (p * N + j)%N * V q (p * N + j)%N k) x2 r.
Proof.
move=> hy; rewrite /linear (sum_flat n N (fun h => \sum_(z < v) (\sum_(k < K) V _ h k * _) * y (h * v + z)%N)).
rewrite -big_split; apply: eq_bigr => p _; rewrite exchange_big -big_split; apply: eq_bigr => z _ /=.
under eq_bigr => j _ do rewrite hy ?ltn_flat // quotient // mulrDr.
rewrite big_split /=.
have half (d : nat -> R) (t : R) : \sum_(j < N) (\sum_(k < K) V (r %/ w)%N (p * N + j)%N k * B k (r %% w)%N z) * (d (p * N + j)%N * t)
    = (\sum_(k < K) (\sum_(j < N) d (p * N + j)%N * V (r %/ w)%N (p * N + j)%N k) * B k (r %% w)%N z) * t.
  rewrite [RHS]mulr_suml; under [RHS]eq_bigr => k _ do rewrite mulr_suml mulr_suml.
  rewrite [RHS]exchange_big /=; apply: eq_bigr => j _; rewrite mulr_suml; apply: eq_bigr => k _; ring.
by congr (_ + _); exact: half.
Qed.

End Linear.
