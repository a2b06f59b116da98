(******************************************************************************)
(* The orbits of a permutation group on pairs of points, computed.            *)
(*                                                                            *)
(* rows and cols list, for each map, the images of the points 0, 1, ... of two*)
(* sets with w and v points; an image of w or v and more is undefined, and    *)
(* such a map leaves the pair alone.  The pair (y, z) is the number y * v + z.*)
(*     orbits rows cols == the orbit of each pair, orbits numbered in the     *)
(*        order of their first pairs                                          *)
(*     orbits_ok rows cols == a check of this table: it is invariant, and     *)
(*        each orbit's number belongs to a first pair                         *)
(* Main results:                                                              *)
(*     orbits_invariant : an accepted table takes one value on each orbit     *)
(*     orbits_complete  : two pairs with the same number lie in one orbit:    *)
(*        every function that is constant on orbits takes the same value on   *)
(*        them                                                                *)
(*     orbits_numbered  : whatever number an orbit has, the smaller numbers   *)
(*        have appeared before its first pair                                 *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect.
From mathcomp Require Import zify.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Orbits.
Variables rows cols : seq (seq nat).
Let w := size (head [::] rows).
Let v := size (head [::] cols).

(* where a map moves each pair *)
Definition pair_moves : seq (seq nat) :=
  [seq mkseq (fun p => let y := nth w gh.1 (p %/ v) in let z := nth v gh.2 (p %% v) in
                       if (y < w) && (z < v) then y * v + z else p) (w * v) | gh <- zip rows cols].

(* every pair takes the least of its own number, that of its image, and the number of its number *)
Definition lower (l move : seq nat) : seq nat :=
  let l' := mkseq (fun p => minn (nth 0 l p) (nth 0 l (nth 0 move p))) (size l) in
  mkseq (fun p => nth 0 l' (nth 0 l' p)) (size l).

Fixpoint settle (fuel : nat) (moves : seq (seq nat)) (l : seq nat) : seq nat :=
  if fuel is fuel'.+1 then
    let l' := foldl lower l moves in if l' == l then l else settle fuel' moves l'
  else l.

Definition least : seq nat := settle (w * v) pair_moves (iota 0 (w * v)).
Definition firsts (l : seq nat) : seq nat := [seq p <- iota 0 (size l) | nth 0 l p == p].
Definition orbits : seq nat := let l := least in let f := firsts l in [seq index q f | q <- l].
Definition orbit_total : nat := size (firsts least).

Definition orbits_ok : bool :=
  let l := least in let s := orbits in let N := w * v in let t := size (firsts l) in
  [&& all (fun p => (nth 0 l p <= p) && (nth 0 s p < t)) (iota 0 N) &
      all (fun move => all (fun p => (nth 0 move p < N) && (nth 0 s (nth 0 move p) == nth 0 s p)) (iota 0 N)) pair_moves].


Notation N := (w * v).

Lemma size_lower l move : size (lower l move) = size l.
Proof. by rewrite size_mkseq. Qed.

Lemma size_least : size least = N.
Proof.
rewrite /least; suff H fuel l : size (settle fuel pair_moves l) = size l by rewrite H size_iota.
elim: fuel l => //= fuel IH l; case: ifP => // _; rewrite IH.
by elim: pair_moves l => //= move moves {}IH l; rewrite IH size_lower.
Qed.

Lemma size_orbits : size orbits = N.
Proof. by rewrite size_map size_least. Qed.

Hypothesis ok : orbits_ok.

Lemma ok_pairs p : p < N -> nth 0 least p <= p /\ nth 0 orbits p < size (firsts least).
Proof.
by move: ok => /andP[/allP h _] lt_p; apply/andP/h; rewrite mem_iota.
Qed.

Lemma ok_moves move p : move \in pair_moves -> p < N ->
  nth 0 move p < N /\ nth 0 orbits (nth 0 move p) = nth 0 orbits p.
Proof.
move: ok => /andP[_ /allP h] /h /allP hp lt_p.
have p_in : p \in iota 0 N by rewrite mem_iota.
by have /andP[-> /eqP] := hp p p_in.
Qed.

Lemma nth_orbits p : p < N -> nth 0 orbits p = index (nth 0 least p) (firsts least).
Proof. by move=> lt_p; rewrite (nth_map 0) ?size_least. Qed.

(* the first pair of the orbit of p *)
Lemma nth_firsts p : p < N -> nth 0 (firsts least) (nth 0 orbits p) = nth 0 least p.
Proof.
move=> lt_p; have [_] := ok_pairs lt_p; rewrite nth_orbits // index_mem => h.
exact: nth_index.
Qed.

Theorem orbits_invariant move p : move \in pair_moves -> p < N ->
  nth 0 orbits (nth 0 move p) = nth 0 orbits p.
Proof. by move=> hm lt_p; have [] := ok_moves hm lt_p. Qed.

Section Complete.
Variables (T : Type) (M : nat -> T).
Hypothesis M_inv : forall move p, move \in pair_moves -> p < N -> M (nth 0 move p) = M p.
Let good (l : seq nat) := size l = N /\ forall p, p < N -> nth 0 l p < N /\ M (nth 0 l p) = M p.

Lemma good_lower l move : move \in pair_moves -> good l -> good (lower l move).
Proof.
move=> hm [sl gl]; split; first by rewrite size_lower.
pose l' := mkseq (fun p => minn (nth 0 l p) (nth 0 l (nth 0 move p))) N.
rewrite /lower sl -/l'.
have gl' p : p < N -> nth 0 l' p < N /\ M (nth 0 l' p) = M p.
  move=> lt_p; rewrite nth_mkseq //; have [lt_m _] := ok_moves hm lt_p.
  set a := nth 0 l p; set b := nth 0 l _.
  have [->|->] : minn a b = a \/ minn a b = b by lia.
    exact: gl.
  by have [h1 h2] := gl _ lt_m; rewrite h2 M_inv.
move=> p lt_p; rewrite nth_mkseq //; have [h1 h2] := gl' p lt_p.
by have [h3 h4] := gl' _ h1; rewrite h4.
Qed.

Lemma good_least : good least.
Proof.
rewrite /least; have: good (iota 0 N).
  by split=> [|p lt_p]; rewrite ?size_iota // nth_iota.
have sub : {subset pair_moves <= pair_moves} by [].
elim: (N in settle N) (iota 0 N) => //= fuel IH l gl; case: ifP => // _; apply: IH.
elim: {1 3}pair_moves sub l gl => //= move moves IH sub l gl; apply: IH.
  by move=> m hm; apply: sub; rewrite inE hm orbT.
by apply: good_lower => //; apply: sub; rewrite inE eqxx.
Qed.

Theorem orbits_complete p q : p < N -> q < N ->
  nth 0 orbits p = nth 0 orbits q -> M p = M q.
Proof.
move=> lt_p lt_q E; have [_ g] := good_least.
have [_ <-] := g p lt_p; have [_ <-] := g q lt_q.
by rewrite -!nth_firsts // E.
Qed.

End Complete.

Theorem orbits_numbered p k : p < N -> k < nth 0 orbits p ->
  exists2 q, q < p & nth 0 orbits q = k.
Proof.
move=> lt_p lt_k; have [le_p lt_f] := ok_pairs lt_p.
have sorted_firsts : sorted ltn (firsts least).
  by apply: sorted_filter; [exact: ltn_trans | exact: iota_ltn_sorted].
have lt_kf := ltn_trans lt_k lt_f.
exists (nth 0 (firsts least) k).
  apply: leq_trans le_p; rewrite -nth_firsts //.
  by apply: (sorted_ltn_nth ltn_trans).
have : nth 0 (firsts least) k \in firsts least by exact: mem_nth.
move: (nth 0 (firsts least) k) (index_uniq 0 lt_kf (filter_uniq _ (iota_uniq _ _))) => q Eq.
rewrite mem_filter mem_iota size_least => /andP[/eqP E /andP[_ lt_q]].
by rewrite nth_orbits // E.
Qed.

End Orbits.
