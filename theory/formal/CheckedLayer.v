(******************************************************************************)
(* What an accepted layer proves.                                             *)
(*                                                                            *)
(* Main results, for a layer that check_layer accepts:                        *)
(*     pruned_close   : the pruned layer is within error_norm |x| +           *)
(*        bias_error_norm of the target's layer                               *)
(*     target_bounded : the target's layer is at most norm |x| + bias_norm    *)
(*     target_lip     : it is Lipschitz with constant norm                    *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ zify ring.
From lottery Require Import OperatorNorm Philox Orbits Certificate Checker Binary NormBound LayerForm KeptWeights.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Close Scope Q_scope.
Local Open Scope ring_scope.
Notation Z := BinNums.Z.

Lemma head_maps t : (0 < size (images t))%N -> size (head [::] (maps t)) = points t.
Proof. by rewrite /points /maps; case: (images t). Qed.

Lemma head_ones t : (0 < size (images t))%N -> size (head [::] (ones t)) = 1%N.
Proof. by rewrite /ones /maps size_cat; case: (images t). Qed.

Section Layer.
Variables (R : realFieldType) (c : certificate) (i : nat).
Notation real := (@real R).
Notation rational := (@rational R).
Let f := floor_layer c i.
Let n := channels (floor c i).
Let v := points (floor c i).
Let m := channels (floor c i.+1).
Let w := points (floor c i.+1).
Let K := basis_size f.
Let K1 := hidden_basis_size f.
Let I := invariants f.
Let N := width c.
Let s := scale c i.
Let unit := Z.shiftl (Zpos xH) (Z.sub s (Zpos 46)).
Let us := own_weights c i.
Let vs := kept_weights (key c) i 1 (second f).
Let lam := [seq scaled s q | q <- coefficients f].
Let beta := [seq scaled s q | q <- bias f].
Let plus := [seq Z.sub (Z.mul x.1 unit) x.2 | x <- zip (sums c i id us vs) lam].
Let minus := [seq Z.add (Z.mul x.1 unit) x.2 | x <- zip (sums c i Z.opp us vs) lam].
Let cs := kept_weights (key c) i 2 (constant_first f).
Let off := [seq Z.sub (Z.mul x.1 unit) x.2
           | x <- zip (bias_sums c i cs (kept_weights (key c) i 3 (constant_second f))) beta].
Let orbit := labels c i.
Let orbit1 := point_labels c i.

Hypothesis ok : check_layer c i.
Hypotheses (v_gt0 : (0 < v)%N) (N_gt0 : (0 < N)%N).
Hypotheses (images_x : (0 < size (images (floor c i)))%N) (images_y : (0 < size (images (floor c i.+1)))%N).

Lemma facts : [/\ identity_ok c i (hidden_labels c i),
  [/\ size (coefficients f) = (m * n * K)%N, size (bias f) = (m * I)%N &
      all_exactly s lam (coefficients f) /\ all_exactly s beta (bias f)] &
  [/\ Qeq_bool (norm f) (matrix_norm m w (blockwise c) (squarings c i) s (rows c i orbit lam)),
      Qeq_bool (error_norm f) (matrix_norm m w (blockwise c) (squarings c i) s (beside (rows c i orbit plus) (rows c i orbit minus))),
      Qeq_bool (bias_norm f) (length s (vector c i orbit1 beta)) &
      Qeq_bool (bias_error_norm f) (length s (vector c i orbit1 off))]].
Proof.
by case/and4P: ok => _ _ _ /and5P[? _ /and4P[/eqP ? /eqP ? _ _] _ /and4P[_ /andP[? ?] _ /and4P[? ? ? ?]]].
Qed.

Lemma scale_ge : Z.le (Zpos 46) s.
Proof. by rewrite /s /scale; elim: (_ ++ _) => [|q l IH] //=; apply: Z.le_trans IH (Z.le_max_r _ _). Qed.

Lemma unitE : real unit = power2 R (Z.sub s (Zpos 46)).
Proof.
rewrite /unit; have := @floor2_exact R (Zpos xH) (Z.sub s (Zpos 46)).
rewrite real_one mul1r => -> //; move: scale_ge; clear; lia.
Qed.

Lemma exactly_rational x q : exactly s x q -> rational q = real x * power2 R (Z.opp s).
Proof.
move=> /Z.eqb_eq /(congr1 real); rewrite !real_mul => E.
have := @floor2_exact R (Zpos xH) s; rewrite real_one mul1r => E1.
rewrite E1 in E; last by move: scale_ge; clear; lia.
have d0 : real (BinNums.Zpos (Qden q)) != 0 by rewrite gt_eqF // real_pos.
have p0 : power2 R s != 0 by rewrite gt_eqF // power2_gt0.
by rewrite /Certificate.rational power2N; apply/eqP; rewrite eqr_div // E.
Qed.

Lemma exact_nth xs qs j : all_exactly s xs qs ->
  rational (nth zero qs j) = real (nth Z0 xs j) * power2 R (Z.opp s).
Proof.
move=> /andP[/eqP E h]; have [lt_j|le_j] := ltnP j (size qs); last first.
  by rewrite !nth_default ?E // /Certificate.rational !real_zero !mul0r.
apply: exactly_rational; have lt_z : (j < size (zip xs qs))%N by rewrite size_zip E minnn.
by have := all_nthP (Z0, zero) h j lt_z; rewrite nth_zip.
Qed.

Lemma over_rows a r p z : (r < m * w)%N -> (p < n)%N -> (z < v)%N ->
  over R s (rows c i orbit a) r (p * v + z)
  = let l := nth 0%N orbit (r %% w * v + z)%N in
    if (l < K)%N then real (nth Z0 a ((r %/ w * n + p) * K + l)) * power2 R (Z.opp s) else 0.
Proof.
move=> hr hp hz; rewrite /over /entry !nth_mkseq ?ltn_flat // -/v quotient // remainder //=.
by case: ifP => //; rewrite real_zero mul0r.
Qed.

Lemma linear_rows (A : nat -> nat -> nat -> R) a x r : (r < m * w)%N ->
  (forall q p k, (q < m)%N -> (p < n)%N -> (k < K)%N ->
     A q p k = real (nth Z0 a ((q * n + p) * K + k)%N) * power2 R (Z.opp s)) ->
  linear n v w K (orbit_basis R orbit v) A x r = apply (n * v) (over R s (rows c i orbit a)) x r.
Proof.
move=> hr hA; rewrite /apply (sum_flat n v (fun j => over R s (rows c i orbit a) r j * x j)).
apply: eq_bigr => p _; apply: eq_bigr => z _; rewrite over_rows // orbit_entry /=; congr (_ * _).
by case: ifP => // hl; rewrite hA // ltn_quotient.
Qed.

Lemma index_lt q p k : (q < m)%N -> (p < n)%N -> (k < K)%N -> ((q * n + p) * K + k < m * n * K)%N.
Proof. by move=> *; apply: ltn_flat => //; exact: ltn_flat. Qed.

(* subset sums as reals *)
Let U h : R := if nth false (first f) h
  then kept R c i true 0 ((h * n + h %/ N) * K1 + identity f) else 0.
Let W q h k : R := kept R c i (nth false (second f) ((h * m + q) * K + k)) 1 ((h * m + q) * K + k).

Lemma U_real h : (h < n * N)%N -> U h = real (nth Z0 us h) / 2%:R ^+ 23.
Proof. by move=> lt_h; rewrite /U nth_mkseq // -/f; case: ifP => //; rewrite real_zero mul0r. Qed.

Lemma W_real q h k : W q h k = real (nth Z0 vs ((h * m + q) * K + k)%N) / 2%:R ^+ 23.
Proof. by rewrite /W /kept nth_kept; case: ifP => //; rewrite real_zero mul0r. Qed.

Lemma real_max a : real (Z.max a Z0) = Num.max (real a) 0.
Proof.
case: (leP (real a) 0); rewrite -real_zero ?real_le ?real_lt => h.
  by congr real; move: h; clear; lia.
by congr real; move: h; clear; lia.
Qed.

Lemma p23_gt0 : 0 < (2%:R ^+ 23)^-1 :> R. Proof. by rewrite invr_gt0 exprn_gt0 ?ltr0n. Qed.

Lemma max_scale (a t : R) : 0 < t -> Num.max (a * t) 0 = Num.max a 0 * t.
Proof. by move=> t0; rewrite maxr_pmull ?ltW // mul0r. Qed.

Lemma p46 : (2%:R ^+ 23)^-1 * (2%:R ^+ 23)^-1 = power2 R (Z.sub s (Zpos 46)) * power2 R (Z.opp s).
Proof.
rewrite -power2D (_ : Z.add _ _ = Z.opp (Z.of_nat 46)); last by clear; lia.
by rewrite power2N power2_nat -invrM ?unitfE ?expf_neq0 ?pnatr_eq0 // -exprD.
Qed.

Lemma sums_real sign (sg : R -> R) q p k : (forall a, real (sign a) = sg (real a)) ->
  (forall a t, sg (a * t) = sg a * t) ->
  (q < m)%N -> (p < n)%N -> (k < K)%N ->
  \sum_(j < N) Num.max (sg (U (p * N + j)%N)) 0 * W q (p * N + j)%N k
  = real (nth Z0 (sums c i sign us vs) ((q * n + p) * K + k)) * real unit * power2 R (Z.opp s).
Proof.
move=> hsign hsg hq hp hk; rewrite nth_mkseq ?index_lt //.
rewrite -/K quotient // remainder // -/n quotient // remainder // total_sum unitE -mulrA -p46 mulr_suml.
apply: eq_bigr => j _; have lt_h : (p * N + j < n * N)%N by exact: ltn_flat.
rewrite U_real // W_real hsg max_scale ?p23_gt0 // real_mul (nth_map Z0) ?size_mkseq // real_max hsign.
by rewrite mulrACA.
Qed.


Lemma identity_lt : (identity f < K1)%N.
Proof.
case: facts => /and3P[/eqP-> /allP h _] _ _; apply: h; apply/mapP; exists 0%N => //.
by rewrite mem_iota.
Qed.

Lemma size_lam : size lam = (m * n * K)%N.
Proof. by case: facts => _ [E _ _] _; rewrite size_map. Qed.

Lemma coefficient q p k : (q < m)%N -> (p < n)%N -> (k < K)%N ->
  rational (nth zero (coefficients f) ((q * n + p) * K + k)%N)
  = real (nth Z0 lam ((q * n + p) * K + k)) * power2 R (Z.opp s).
Proof. by move=> *; apply: exact_nth; case: facts => _ [_ _ []]. Qed.

Lemma plus_entry q p k : (q < m)%N -> (p < n)%N -> (k < K)%N ->
  \sum_(j < N) Num.max (U (p * N + j)%N) 0 * W q (p * N + j)%N k
    - rational (nth zero (coefficients f) ((q * n + p) * K + k))
  = real (nth Z0 plus ((q * n + p) * K + k)) * power2 R (Z.opp s).
Proof.
move=> hq hp hk; have lt_o := index_lt hq hp hk; rewrite coefficient //.
rewrite (@sums_real id id) // -mulrBl -real_mul -real_sub; congr (real _ * _).
by rewrite (nth_map (Z0, Z0)) ?size_zip ?size_lam ?size_mkseq ?minnn // nth_zip ?size_lam ?size_mkseq.
Qed.

Lemma minus_entry q p k : (q < m)%N -> (p < n)%N -> (k < K)%N ->
  \sum_(j < N) Num.max (- U (p * N + j)%N) 0 * W q (p * N + j)%N k
    + rational (nth zero (coefficients f) ((q * n + p) * K + k))
  = real (nth Z0 minus ((q * n + p) * K + k)) * power2 R (Z.opp s).
Proof.
move=> hq hp hk; have lt_o := index_lt hq hp hk; rewrite coefficient //.
rewrite (@sums_real Z.opp -%R) //; [|exact: real_opp|by move=> a t; rewrite mulNr].
rewrite -mulrDl -real_mul -real_add; congr (real _ * _).
by rewrite (nth_map (Z0, Z0)) ?size_zip ?size_lam ?size_mkseq ?minnn // nth_zip ?size_lam ?size_mkseq.
Qed.

Lemma kept_real mask t pos :
  kept R c i (nth false mask pos) t pos = real (nth Z0 (kept_weights (key c) i t mask) pos) / 2%:R ^+ 23.
Proof. by rewrite /kept nth_kept; case: ifP => //; rewrite real_zero mul0r. Qed.

(* the numbers of the biases *)
Lemma label1_lt y : (y < w)%N -> (nth 0%N orbit1 y < I)%N.
Proof.
case/and4P: ok => _ _ ok1 /and5P[_ /and3P[_ _ /eqP E] _ _ _] lt_y.
have := ok_pairs ok1 (p := y); rewrite head_maps // head_ones // muln1 => h.
by have [_] := h lt_y; rewrite /I E.
Qed.

Let bs := kept_weights (key c) i 3 (constant_second f).

Lemma bias_entry q b : (q < m)%N -> (b < I)%N ->
  \sum_(j < constants c) kept R c i (nth false (constant_second f) ((j * m + q) * I + b)) 3 ((j * m + q) * I + b)
      * constant R c i j - rational (nth zero (bias f) (q * I + b))
  = real (nth Z0 off (q * I + b)) * power2 R (Z.opp s).
Proof.
move=> hq hb; have lt_o : (q * I + b < m * I)%N by exact: ltn_flat.
case: facts => _ [_ size_bias [_ hbeta]] _; rewrite (exact_nth _ hbeta).
have -> : nth Z0 off (q * I + b)
    = Z.sub (Z.mul (nth Z0 (bias_sums c i cs bs) (q * I + b)) unit) (nth Z0 beta (q * I + b)).
  have sb : size beta = (m * I)%N by rewrite size_map.
  have ss : size (bias_sums c i cs bs) = (m * I)%N by rewrite size_mkseq.
  by rewrite (nth_map (Z0, Z0)) ?size_zip ?ss ?sb ?minnn // nth_zip ?ss ?sb.
rewrite real_sub mulrBl; congr (_ - _); rewrite real_mul unitE -mulrA -p46 nth_mkseq // total_sum mulr_suml.
apply: eq_bigr => j _; rewrite /constant !kept_real max_scale ?p23_gt0 // -real_max real_mul -/cs -/bs.
have -> : ((j * m + q) * I + b = j * (m * I) + (q * I + b))%N by rewrite mulnDl mulnA addnA.
by rewrite mulrACA; congr (_ * _); rewrite mulrC.
Qed.

(* the difference of the two layers *)
Definition side_by_side (x : nat -> R) (j : nat) : R :=
  if (j < n * v)%N then relu x j else relu (fun k => - x k) (j - n * v)%N.

Lemma beside_entry r j : (r < m * w)%N -> (j < n * v + n * v)%N ->
  over R s (beside (rows c i orbit plus) (rows c i orbit minus)) r j
  = if (j < n * v)%N then over R s (rows c i orbit plus) r j
    else over R s (rows c i orbit minus) r (j - n * v)%N.
Proof.
move=> hr hj; rewrite /over /entry (nth_map ([::], [::])) ?size_zip ?size_mkseq ?minnn //.
rewrite nth_zip ?size_mkseq //= nth_cat ![nth [::] _ r]nth_mkseq // size_mkseq -/n -/v.
by case: ifP.
Qed.

Lemma apply_beside x r : (r < m * w)%N ->
  apply (n * v + n * v) (over R s (beside (rows c i orbit plus) (rows c i orbit minus))) (side_by_side x) r
  = apply (n * v) (over R s (rows c i orbit plus)) (relu x) r
  + apply (n * v) (over R s (rows c i orbit minus)) (relu (fun k => - x k)) r.
Proof.
move=> hr; rewrite /apply big_split_ord /=; congr (_ + _); apply: eq_bigr => j _.
  by rewrite beside_entry ?ltn_addr // /side_by_side ltn_ord.
by rewrite beside_entry ?ltn_add2l // /side_by_side ltnNge leq_addr /= addKn.
Qed.

Lemma sqnorm_side_by_side x : sqnorm (n * v + n * v) (side_by_side x) = sqnorm (n * v) x.
Proof.
rewrite /sqnorm big_split_ord /= -big_split; apply: eq_bigr => j _ /=.
rewrite /side_by_side ltn_ord ltnNge leq_addr /= addKn /relu.
case: (leP (x j) 0) => h; first by rewrite max_l ?oppr_ge0 // expr0n add0r sqrrN.
by rewrite max_r ?oppr_le0 ?ltW // expr0n addr0.
Qed.

Lemma offset_vector (A : nat -> nat -> R) a r : (r < m * w)%N ->
  (forall q b, (q < m)%N -> (b < I)%N -> A q b = real (nth Z0 a (q * I + b)%N) * power2 R (Z.opp s)) ->
  offset w I (orbit_vector R orbit1) A r = real (nth Z0 (vector c i orbit1 a) r) * power2 R (Z.opp s).
Proof.
move=> hr hA; have hl := label1_lt (ltn_remainder hr); rewrite nth_mkseq // -hA ?(ltn_quotient hr) //.
have := sum_pick I (nth 0%N orbit1 (r %% w)) (fun b => A (r %/ w)%N b); rewrite hl => <-; apply: eq_bigr => b _.
rewrite /orbit_vector; by case: eqP => _; rewrite ?mulr1 ?mulr0.
Qed.

Lemma pruned_form x r :
  linear (n * N) v w K (orbit_basis R orbit v) W (hidden c i x) r
  = linear n v w K (orbit_basis R orbit v)
      (fun q p k => \sum_(j < N) Num.max (U (p * N + j)%N) 0 * W q (p * N + j)%N k) (relu x) r
  + linear n v w K (orbit_basis R orbit v)
      (fun q p k => \sum_(j < N) Num.max (- U (p * N + j)%N) 0 * W q (p * N + j)%N k) (relu (fun j => - x j)) r.
Proof.
apply: (@pruned_split R n v w N K (orbit_basis R orbit v) (fun h => Num.max (U h) 0)
  (fun h => Num.max (- U h) 0) W (hidden c i x) (relu x) (relu (fun j => - x j)) r) => h z lt_h lt_z.
have := hidden_split (hidden_labels c i) (fun h p k => kept R c i true 0 ((h * n + p) * K1 + k))
  (nth false (first f)) x identity_lt lt_h lt_z.
by [].
Qed.

Lemma pruned_diff x r : (r < m * w)%N ->
  pruned_layer c i x r - target_layer c i x r
  = apply (n * v + n * v) (over R s (beside (rows c i orbit plus) (rows c i orbit minus))) (side_by_side x) r
  + real (nth Z0 (vector c i orbit1 off) r) * power2 R (Z.opp s).
Proof.
move=> hr; rewrite apply_beside // -(offset_vector hr bias_entry).
rewrite -(linear_rows _ hr plus_entry) -(linear_rows _ hr minus_entry).
have offB A B : offset w I (orbit_vector R orbit1) (fun q b => A q b - B q b) r
    = offset w I (orbit_vector R orbit1) A r - offset w I (orbit_vector R orbit1) B r.
  by rewrite /offset -sumrB; apply: eq_bigr => b _; rewrite mulrBl.
rewrite offB (linearDa _ _ _ _ _ _ (fun q p k => - _)) linearNa linearDa.
rewrite /pruned_layer /target_layer -/n -/v -/m -/w -/K -/I -/f -/N -/orbit -/orbit1.
rewrite [X in X + _ - _]pruned_form [X in _ - (X + _)]target_split.
set P := linear _ _ _ _ _ _ (relu x) r; set Q' := linear _ _ _ _ _ _ (relu _) r.
set T1 := linear _ _ _ _ _ _ (relu x) r; set T2 := linear _ _ _ _ _ _ (relu _) r.
set O1 := offset _ _ _ _ r; set O2 := offset _ _ _ _ r; ring.
Qed.

(* the target's layer as a matrix *)
Lemma target_form x r : (r < m * w)%N ->
  target_layer c i x r = apply (n * v) (over R s (rows c i orbit lam)) x r
    + real (nth Z0 (vector c i orbit1 beta) r) * power2 R (Z.opp s).
Proof.
move=> hr; congr (_ + _); first exact: (linear_rows _ hr coefficient).
apply: offset_vector => // q b _ _; apply: exact_nth; by case: facts => _ [_ _ []].
Qed.

Lemma Qeq_rational p q : Qeq_bool p q -> rational p = rational q.
Proof.
move=> /Qeq_bool_eq /(congr1 real); rewrite !real_mul /Certificate.rational => E.
have d0 t : real (BinNums.Zpos t) != 0 by rewrite gt_eqF // real_pos.
by apply/eqP; rewrite eqr_div // E.
Qed.

Lemma rows_matrix a : is_matrix (m * w) (n * v) (rows c i orbit a).
Proof. by split=> [|r hr]; rewrite ?size_mkseq // nth_mkseq // size_mkseq. Qed.

Lemma beside_matrix a b : is_matrix (m * w) (n * v + n * v) (beside (rows c i orbit a) (rows c i orbit b)).
Proof.
split=> [|r hr]; first by rewrite size_map size_zip !size_mkseq minnn.
by rewrite (nth_map ([::], [::])) ?size_zip ?size_mkseq ?minnn // nth_zip ?size_mkseq //= size_cat !nth_mkseq // !size_mkseq.
Qed.

Lemma size_vector a : size (vector c i orbit1 a) = (m * w)%N.
Proof. exact: size_mkseq. Qed.

Lemma norms : [/\ 0 <= rational (norm f), 0 <= rational (error_norm f), 0 <= rational (bias_norm f)
                & 0 <= rational (bias_error_norm f)] /\
  [/\ op_le (m * w) (n * v) (over R s (rows c i orbit lam)) (rational (norm f)),
      op_le (m * w) (n * v + n * v) (over R s (beside (rows c i orbit plus) (rows c i orbit minus)))
        (rational (error_norm f)),
      sqnorm (m * w) (fun r => real (nth Z0 (vector c i orbit1 beta) r) * power2 R (Z.opp s))
        <= rational (bias_norm f) ^+ 2 &
      sqnorm (m * w) (fun r => real (nth Z0 (vector c i orbit1 off) r) * power2 R (Z.opp s))
        <= rational (bias_error_norm f) ^+ 2].
Proof.
case: facts => _ _ [/Qeq_rational-> /Qeq_rational-> /Qeq_rational-> /Qeq_rational->].
have [? ?] := matrix_norm_sound R (blockwise c) (squarings c i) s (rows_matrix lam).
have [? ?] := matrix_norm_sound R (blockwise c) (squarings c i) s (beside_matrix plus minus).
have [? ?] := length_sound R s (size_vector beta).
by have [? ?] := length_sound R s (size_vector off).
Qed.

Lemma sqnorm_add1 d u t (a b : R) : 0 <= a -> 0 <= b -> sqnorm d u <= a ^+ 2 -> sqnorm d t <= b ^+ 2 ->
  sqnorm d (fun j => u j + t j) <= (a + b) ^+ 2.
Proof. by move=> a0 b0 hu ht; have := @sqnorm_add R d u t 1 a b a0 b0 ler01; rewrite !mulr1; apply. Qed.

Theorem pruned_close a x : 0 <= a -> sqnorm (n * v) x <= a ^+ 2 ->
  sqnorm (m * w) (fun r => pruned_layer c i x r - target_layer c i x r)
    <= (rational (error_norm f) * a + rational (bias_error_norm f)) ^+ 2.
Proof.
move=> a0 xa; have [[_ e0 _ b0] [_ he _ hb]] := norms.
rewrite (eq_sqnorm (fun r hr => pruned_diff x hr)); apply: (sqnorm_add1 _ _ _ hb) => //; first exact: mulr_ge0.
apply: le_trans (he _) _; rewrite sqnorm_side_by_side [X in _ <= X]exprMn.
by apply: (ler_wpmul2l (sqr_ge0 _)).
Qed.

Theorem target_bounded a x : 0 <= a -> sqnorm (n * v) x <= a ^+ 2 ->
  sqnorm (m * w) (target_layer c i x) <= (rational (norm f) * a + rational (bias_norm f)) ^+ 2.
Proof.
move=> a0 xa; have [[n0 _ b0 _] [hn _ hb _]] := norms.
rewrite (eq_sqnorm (fun r hr => target_form x hr)); apply: (sqnorm_add1 _ _ _ hb) => //; first exact: mulr_ge0.
by apply: le_trans (hn _) _; rewrite [X in _ <= X]exprMn; apply: (ler_wpmul2l (sqr_ge0 _)).
Qed.

Theorem target_lip a x y : 0 <= a -> sqnorm (n * v) (fun j => x j - y j) <= a ^+ 2 ->
  sqnorm (m * w) (fun r => target_layer c i x r - target_layer c i y r) <= (rational (norm f) * a) ^+ 2.
Proof.
move=> a0 xa; have [_ [hn _ _ _]] := norms.
have E r : (r < m * w)%N -> target_layer c i x r - target_layer c i y r
    = apply (n * v) (over R s (rows c i orbit lam)) (fun j => x j - y j) r.
  move=> hr; rewrite !target_form // opprD addrACA subrr addr0 /apply -sumrB.
  by apply: eq_bigr => j _; rewrite mulrBr.
by rewrite (eq_sqnorm E); apply: le_trans (hn _) _; rewrite [X in _ <= X]exprMn; apply: (ler_wpmul2l (sqr_ge0 _)).
Qed.

End Layer.
