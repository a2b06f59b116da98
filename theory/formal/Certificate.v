(******************************************************************************)
(* What a certificate says (numerics/certify.py, checks/recheck).             *)
(*                                                                            *)
(* This page is all that must be read to know what check_sound (Checked.v)    *)
(* proves; the checker (Checker.v) and the proofs need no trust.              *)
(*                                                                            *)
(* A space is n channels of functions on v points, a signal on it a function  *)
(* of p * v + z for a channel p < n and a point z < v; each generator of the  *)
(* group permutes the points.  A certificate holds l + 1 spaces, the key of   *)
(* the random weights, and for each of the l layers the rational numbers of   *)
(* the target and the masks of the ticket.                                    *)
(*     linear n v w K B a  == the linear map from n channels on v points with *)
(*        \sum_k a q p k * B k between input channel p and output channel q,  *)
(*        B k a matrix (output point, input point)                            *)
(*     orbit_basis labels v k == the 0/1 matrix of orbit number k; labels     *)
(*        numbers the orbits on pairs of points (Orbits.v) of the generators  *)
(*        and of the partial maps, those outside a filter's support excepted  *)
(*     hidden_basis           == the same, with the identity as one operator  *)
(*     target c            == the target: affine layers, ReLU between them    *)
(*     pruned c            == the ticket: for each layer of the target two    *)
(*        random layers, masked, with ReLU between them.  The first has a     *)
(*        weight for every hidden channel h = p' * width + j, input channel p *)
(*        and operator k, and keeps those with p = p' and k the identity that *)
(*        the mask keeps; the second has a weight for every output channel,   *)
(*        hidden channel and operator.  Constant channels give the bias.      *)
(*     claim c             == the two differ by at most error_bound <= epsilon*)
(*        in the Euclidean norm for every input of norm at most radius; the   *)
(*        ticket commutes with every generator; the operators of every layer  *)
(*        commute with the generators and share entries along the partial     *)
(*        maps, and every matrix that does so and vanishes outside the support*)
(*        is a combination of them.                                           *)
(* All is stated over an arbitrary ordered field R, for instance the reals.   *)
(******************************************************************************)
From Coq Require ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ.
From lottery Require Import Philox Orbits OperatorNorm.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Notation Z := BinNums.Z.
Notation Q := QArith_base.Q.
Notation zero := (QArith_base.Qmake BinNums.Z0 BinNums.xH).

(* the images of the points under each generator, and under partial maps that share weights, *)
(* where an image that is no point is undefined *)
Record space := Space { channels : nat; images : seq (seq nat); sharing : seq (seq nat) }.

Record layer := Layer {
  coefficients : seq Q;               (* at (q * n + p) * basis_size + k *)
  bias : seq Q;                       (* at q * invariants + b *)
  first : bitseq;                     (* at h *)
  second : bitseq;                    (* at (h * m + q) * basis_size + k *)
  constant_first : bitseq;            (* at j *)
  constant_second : bitseq;           (* at (j * m + q) * invariants + b *)
  support1 : option (seq nat);        (* the orbits kept in the first random layer; all if None *)
  support : option (seq nat);         (* the same for the target and the second random layer *)
  basis_size : nat; hidden_basis_size : nat; identity : nat; invariants : nat;
  residuals_plus : seq Q; residuals_minus : seq Q; residuals_bias : seq Q;
  norm : Q; error_norm : Q; bias_norm : Q; bias_error_norm : Q }.

Record certificate := Certificate {
  key : BinNums.N; width : nat; constants : nat;
  spaces : seq space; layers : seq layer;
  radius : Q; error_bound : Q; epsilon : Q;
  blockwise : bool }.                 (* which of two sound norm bounds the norms are *)

Definition no_space := Space 0 [::] [::].
Definition no_layer :=
  Layer [::] [::] [::] [::] [::] [::] None None 0 0 0 0 [::] [::] [::]
    zero zero zero zero.

Definition points (s : space) : nat := size (head [::] (images s)).
Definition dimension (s : space) : nat := channels s * points s.
Definition floor (c : certificate) (i : nat) : space := nth no_space (spaces c) i.
Definition floor_layer (c : certificate) (i : nat) : layer := nth no_layer (layers c) i.
Definition depth (c : certificate) : nat := size (layers c).
Definition generators (c : certificate) : nat := size (images (floor c 0)).

Definition maps (s : space) : seq (seq nat) := images s ++ sharing s.

(* the number of each pair's operator; pairs outside the support get a number that no operator has *)
Definition restrict (kept : option (seq nat)) (labels : seq nat) : seq nat :=
  if kept is Some ks then [seq index l ks | l <- labels] else labels.
Definition labels (c : certificate) i :=
  restrict (support (floor_layer c i)) (orbits (maps (floor c i.+1)) (maps (floor c i))).
Definition hidden_labels (c : certificate) i :=
  restrict (support1 (floor_layer c i)) (orbits (maps (floor c i)) (maps (floor c i))).
Definition ones (s : space) : seq (seq nat) := nseq (size (maps s)) [:: 0%N].
Definition point_labels (c : certificate) i := orbits (maps (floor c i.+1)) (ones (floor c i.+1)).

Section Claim.
Variable R : realFieldType.
Implicit Types (x : nat -> R) (c : certificate).

Definition real (z : Z) : R := (int_of_Z z)%:~R.
Definition rational (q : Q) : R := real (QArith_base.Qnum q) / real (BinNums.Zpos (QArith_base.Qden q)).
Definition relu x : nat -> R := fun i => Num.max (x i) 0.

Definition linear (n v w K : nat) (B : nat -> nat -> nat -> R) (a : nat -> nat -> nat -> R) x : nat -> R :=
  fun r => \sum_(p < n) \sum_(z < v) (\sum_(k < K) a (r %/ w)%N p k * B k (r %% w)%N z) * x (p * v + z)%N.
Definition offset (w I : nat) (E : nat -> nat -> R) (a : nat -> nat -> R) : nat -> R :=
  fun r => \sum_(b < I) a (r %/ w)%N b * E b (r %% w)%N.

Definition orbit_basis (labels : seq nat) (v : nat) (k y z : nat) : R :=
  (nth 0%N labels (y * v + z) == k)%:R.
Definition hidden_basis (labels : seq nat) (v identity k y z : nat) : R :=
  if k == identity then (y == z)%:R else orbit_basis labels v k y z.
Definition orbit_vector (labels : seq nat) (b y : nat) : R := (nth 0%N labels y == b)%:R.

Section Layers.
Variables (c : certificate) (i : nat).
Let f := floor_layer c i.
Let n := channels (floor c i).
Let v := points (floor c i).
Let m := channels (floor c i.+1).
Let w := points (floor c i.+1).
Let K := basis_size f.
Let K1 := hidden_basis_size f.
Let I := invariants f.

Definition target_layer x : nat -> R := fun r =>
  linear n v w K (orbit_basis (labels c i) v)
    (fun q p k => rational (nth zero (coefficients f) ((q * n + p) * K + k))) x r
  + offset w I (orbit_vector (point_labels c i)) (fun q b => rational (nth zero (bias f) (q * I + b))) r.

(* a random weight that a mask keeps *)
Definition kept (mask : bool) (tensor position : nat) : R :=
  if mask then real (weight (key c) i tensor position) / 2%:R ^+ 23 else 0.

Definition first_mask (h p k : nat) : bool :=
  [&& p == (h %/ width c)%N, k == identity f & nth false (first f) h].

Definition hidden x : nat -> R :=
  relu (linear n v v K1 (hidden_basis (hidden_labels c i) v (identity f))
    (fun h p k => kept (first_mask h p k) 0 ((h * n + p) * K1 + k)) x).

Definition constant (j : nat) : R := Num.max (kept (nth false (constant_first f) j) 2 j) 0.

Definition pruned_layer x : nat -> R := fun r =>
  linear (n * width c) v w K (orbit_basis (labels c i) v)
    (fun q h k => kept (nth false (second f) ((h * m + q) * K + k)) 1 ((h * m + q) * K + k)) (hidden x) r
  + offset w I (orbit_vector (point_labels c i)) (fun q b =>
      \sum_(j < constants c)
        kept (nth false (constant_second f) ((j * m + q) * I + b)) 3 ((j * m + q) * I + b) * constant j) r.

End Layers.

(* the composition of the first l layers *)
Fixpoint run (f : nat -> (nat -> R) -> nat -> R) (l : nat) x : nat -> R :=
  if l is i.+1 then f i (if i is 0%N then x else relu (run f i x)) else x.

Definition target c : (nat -> R) -> nat -> R := run (target_layer c) (depth c).
Definition pruned c : (nat -> R) -> nat -> R := run (pruned_layer c) (depth c).

(* map g, a generator if g < generators, acting on a point, and on a signal, which is read at the image *)
Definition moved (s : space) (g z : nat) : nat := nth (points s) (nth [::] (maps s) g) z.
Definition act (s : space) (g : nat) x : nat -> R :=
  fun j => x (j %/ points s * points s + moved s g (j %% points s))%N.

Definition accurate c := forall x,
  sqnorm (dimension (floor c 0)) x <= rational (radius c) ^+ 2 ->
  sqnorm (dimension (floor c (depth c))) (fun r => pruned c x r - target c x r)
    <= rational (error_bound c) ^+ 2.

Definition equivariant c := forall g x r, (g < generators c)%N -> (r < dimension (floor c (depth c)))%N ->
  pruned c (act (floor c 0) g x) r = act (floor c (depth c)) g (pruned c x) r.

(* the matrices (output point, input point) of layer i that commute with every generator and *)
(* share their entries along the partial maps where these are defined *)
Definition invariant c i (M : nat -> nat -> R) :=
  let s := floor c i.+1 in let t := floor c i in
  forall g y z, (g < size (maps t))%N -> (y < points s)%N -> (z < points t)%N ->
  (moved s g y < points s)%N -> (moved t g z < points t)%N -> M (moved s g y) (moved t g z) = M y z.

Definition complete c := forall i, (i < depth c)%N ->
  let b := orbit_basis (labels c i) (points (floor c i)) in
  let K := basis_size (floor_layer c i) in
  let all_pairs (P : nat -> nat -> Prop) :=
    forall y z, (y < points (floor c i.+1))%N -> (z < points (floor c i))%N -> P y z in
  (forall k, (k < K)%N -> invariant c i (b k)) /\
  (forall M, invariant c i M ->
     all_pairs (fun y z => (forall k, (k < K)%N -> b k y z = 0) -> M y z = 0) ->
     exists a, all_pairs (fun y z => M y z = \sum_(k < K) a k * b k y z)).

Definition claim c := [/\ accurate c, rational (error_bound c) <= rational (epsilon c),
                          0 <= rational (radius c), equivariant c & complete c].

End Claim.
