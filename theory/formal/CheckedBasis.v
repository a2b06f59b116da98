(******************************************************************************)
(* Accepted orbits: the operators of a layer, and equivariance.               *)
(*                                                                            *)
(* s and t are the output and the input space of a layer.                     *)
(*     pair_label_moved : labels are constant along the maps                  *)
(*     basis_invariant, basis_complete : the operators are invariant, and span*)
(*        the invariant matrices that vanish outside the support              *)
(*     linear_equivariant : combinations of operators commute with generators *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify.
From lottery Require Import OperatorNorm Orbits Certificate Checker Binary NormBound LayerForm CheckedLayer.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Pairs.
Variables s t : space.
Let w := points s.
Let v := points t.
Hypotheses (s_gt0 : (0 < size (images s))%N) (t_gt0 : (0 < size (images t))%N).
Hypothesis same : size (maps s) = size (maps t).
Hypothesis ok : orbits_ok (maps s) (maps t).
Notation orbit := (orbits (maps s) (maps t)).

Definition defined g y z := (moved s g y < w)%N && (moved t g z < v)%N.

Lemma nth_move g y z : (g < size (maps t))%N -> (y < w)%N -> (z < v)%N ->
  nth 0%N (nth [::] (pair_moves (maps s) (maps t)) g) (y * v + z)
  = if defined g y z then (moved s g y * v + moved t g z)%N else (y * v + z)%N.
Proof.
move=> lt_g lt_y lt_z; rewrite (nth_map ([::], [::])) ?size_zip ?same ?minnn // nth_zip //=.
by rewrite !head_maps // nth_mkseq ?ltn_flat // quotient // remainder.
Qed.

Lemma move_in g : (g < size (maps t))%N ->
  nth [::] (pair_moves (maps s) (maps t)) g \in pair_moves (maps s) (maps t).
Proof. by move=> lt_g; rewrite mem_nth // size_map size_zip same minnn. Qed.

Lemma nth_restrict kept p : (p < w * v)%N ->
  nth 0%N (restrict kept orbit) p = if kept is Some ks then index (nth 0%N orbit p) ks else nth 0%N orbit p.
Proof.
move=> lt_p; case: kept => [ks|] //=; rewrite (nth_map 0%N) // size_orbits !head_maps //.
Qed.

Lemma pair_label_moved kept g y z : (g < size (maps t))%N -> (y < w)%N -> (z < v)%N -> defined g y z ->
  nth 0%N (restrict kept orbit) (moved s g y * v + moved t g z)
  = nth 0%N (restrict kept orbit) (y * v + z).
Proof.
move=> lt_g lt_y lt_z d; have [d1 d2] := andP d; rewrite !nth_restrict ?ltn_flat //.
have := orbits_invariant ok (move_in lt_g) (p := (y * v + z)%N); rewrite nth_move // d !head_maps // => -> //.
by rewrite ltn_flat.
Qed.

(* equal labels below the number of operators mean the same orbit *)
Lemma same_orbit kept K p q : support_ok kept (orbit_total (maps s) (maps t)) K ->
  (p < w * v)%N -> (q < w * v)%N -> (nth 0%N (restrict kept orbit) p < K)%N ->
  nth 0%N (restrict kept orbit) p = nth 0%N (restrict kept orbit) q -> nth 0%N orbit p = nth 0%N orbit q.
Proof.
move=> kK lt_p lt_q; rewrite !nth_restrict //; case: kept kK => [ks|] //=.
case/and4P => _ _ _ /eqP-> lt_K E.
have hp : nth 0%N orbit p \in ks by rewrite -index_mem.
have hq : nth 0%N orbit q \in ks by rewrite -index_mem -E.
by rewrite -(nth_index 0%N hp) E nth_index.
Qed.

Variable R : realFieldType.

Lemma basis_moved kept g y z k : (g < size (maps t))%N -> (y < w)%N -> (z < v)%N -> defined g y z ->
  orbit_basis R (restrict kept orbit) v k (moved s g y) (moved t g z)
  = orbit_basis R (restrict kept orbit) v k y z.
Proof. by move=> *; rewrite /orbit_basis pair_label_moved. Qed.

Lemma basis_complete kept K (M : nat -> nat -> R) :
  support_ok kept (orbit_total (maps s) (maps t)) K ->
  (forall g y z, (g < size (maps t))%N -> (y < w)%N -> (z < v)%N ->
     (moved s g y < w)%N -> (moved t g z < v)%N -> M (moved s g y) (moved t g z) = M y z) ->
  (forall y z, (y < w)%N -> (z < v)%N ->
     (forall k, (k < K)%N -> orbit_basis R (restrict kept orbit) v k y z = 0) -> M y z = 0) ->
  exists a, forall y z, (y < w)%N -> (z < v)%N ->
    M y z = \sum_(k < K) a k * orbit_basis R (restrict kept orbit) v k y z.
Proof.
move=> kK M_inv M_supp; set lab := restrict kept orbit.
pose M' p := M (p %/ v)%N (p %% v)%N.
have size_lab : size lab = (w * v)%N.
  have so : size orbit = (w * v)%N by rewrite size_orbits !head_maps.
  by rewrite /lab; case: kept {kK M_supp lab} => [ks|] //=; rewrite size_map.
have M'_inv move p : move \in pair_moves (maps s) (maps t) ->
    (p < size (head [::] (maps s)) * size (head [::] (maps t)))%N -> M' (nth 0%N move p) = M' p.
  rewrite !head_maps // => /(nthP [::])[g]; rewrite size_map size_zip same minnn => lt_g <- lt_p.
  have [lt_y lt_z] := (ltn_quotient lt_p, ltn_remainder lt_p).
  rewrite {1}(divn_eq p v) nth_move //; case: ifP => [/andP[d1 d2]|_]; last by rewrite -divn_eq.
  by rewrite /M' quotient // remainder // M_inv.
exists (fun k : 'I_K => M' (index (k : nat) lab)) => y z lt_y lt_z.
rewrite (orbit_entry lab v K (fun k : nat => M' (index k lab))) /=; set l := nth 0%N lab _.
have lt_p := ltn_flat lt_y lt_z.
case: ifP => [lt_l|/negbT ge_l]; last first.
  apply: M_supp => // k lt_k; rewrite /orbit_basis -/lab -/l; case: eqP => // E.
  by rewrite E lt_k in ge_l.
have l_in : l \in lab by rewrite /l mem_nth // size_lab.
have lt_i : (index l lab < w * v)%N by rewrite -size_lab index_mem.
have -> : M y z = M' (y * v + z)%N by rewrite /M' quotient // remainder.
apply: (orbits_complete ok M'_inv); rewrite ?head_maps //.
by apply: (same_orbit kK) => //; rewrite -/lab nth_index.
Qed.

End Pairs.

Section Equivariant.
Variables (R : realFieldType) (s t : space).
Hypotheses (s_gt0 : (0 < size (images s))%N) (t_gt0 : (0 < size (images t))%N).
Hypothesis perms : forall u g, u = s \/ u = t -> (g < size (images u))%N -> perm_eq (nth [::] (images u) g) (iota 0 (points u)).

Lemma moved_perm u g : u = s \/ u = t -> (g < size (images u))%N -> perm_eq [seq moved u g z | z <- iota 0 (points u)] (iota 0 (points u)).
Proof.
move=> hu lt_g; have P := perms hu lt_g; apply: (perm_trans _ P).
suff -> : [seq moved u g z | z <- iota 0 (points u)] = nth [::] (images u) g by [].
have sz : size (nth [::] (images u) g) = points u by rewrite (perm_size P) size_iota.
apply: (@eq_from_nth _ 0%N) => [|z]; rewrite size_map size_iota ?sz // => lt_z.
rewrite (nth_map 0%N) ?size_iota // nth_iota // /moved /maps nth_cat lt_g add0n.
by apply: set_nth_default; rewrite sz.
Qed.

Lemma moved_lt u g z : u = s \/ u = t -> (g < size (images u))%N -> (z < points u)%N -> (moved u g z < points u)%N.
Proof.
move=> hu lt_g lt_z; have := perm_mem (moved_perm hu lt_g) (moved u g z); rewrite mem_iota /= add0n => <-.
by apply/mapP; exists z; rewrite ?mem_iota.
Qed.

Lemma sum_moved g (F : nat -> R) : (g < size (images t))%N ->
  \sum_(z < points t) F (moved t g z) = \sum_(z < points t) F z.
Proof.
move=> lt_g; rewrite -(big_mkord xpredT (fun z => F (moved t g z))) -(big_mkord xpredT F) /index_iota subn0.
rewrite -(big_map (moved t g) xpredT F); apply: perm_big; exact: moved_perm (or_intror erefl) lt_g.
Qed.

(* combinations of invariant operators commute with the generators *)
Lemma linear_equivariant n m K (B a : nat -> nat -> nat -> R) x g r :
  (g < size (images s))%N -> (g < size (images t))%N -> (r < m * points s)%N ->
  (forall k y z, (y < points s)%N -> (z < points t)%N -> B k (moved s g y) (moved t g z) = B k y z) ->
  linear n (points t) (points s) K B a (act t g x) r
  = act s g (linear n (points t) (points s) K B a x) r.
Proof.
move=> lt_gs lt_gt lt_r hB; rewrite /act /linear; have lt_y := ltn_remainder lt_r.
have lt_gy := moved_lt (or_introl erefl) lt_gs lt_y.
rewrite quotient // remainder //; apply: eq_bigr => p _.
rewrite -(sum_moved (fun z => (\sum_(k < K) a (r %/ points s)%N p k * B k (moved s g (r %% points s)%N) z)
  * x (p * points t + z)%N) lt_gt); apply: eq_bigr => z _; rewrite quotient // remainder //; congr (_ * _).
by apply: eq_bigr => k _; rewrite hB.
Qed.

End Equivariant.
