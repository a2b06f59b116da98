(******************************************************************************)
(* The checker is sound: what it accepts is true.                             *)
(*                                                                            *)
(*     check_sound : if check c accepts the certificate c, then claim c holds *)
(*        over every ordered field: for every input of norm at most radius    *)
(*        the ticket and the target differ by at most error_bound <= epsilon; *)
(*        the ticket commutes with every generator; the operators of every    *)
(*        layer are invariant, and complete.                                  *)
(* The definitions are those of Certificate.v, Orbits.v and Philox.v.         *)
(******************************************************************************)
From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ zify ring.
From lottery Require Import OperatorNorm Philox Orbits Certificate Checker Binary NormBound LayerForm CheckedLayer CheckedBasis.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Close Scope Q_scope.
Local Open Scope ring_scope.

Section Rational.
Variable R : realFieldType.
Notation real := (@real R).
Notation rational := (@rational R).

Lemma den_neq0 q : real (BinNums.Zpos (Qden q)) != 0.
Proof. by rewrite gt_eqF // real_pos. Qed.

Lemma rational_add p q : rational (Qplus p q) = rational p + rational q.
Proof.
rewrite /Certificate.rational addf_div ?den_neq0 // -!real_mul -real_add; congr (real _ / real _).
Qed.

Lemma rational_mul p q : rational (Qmult p q) = rational p * rational q.
Proof. by rewrite /Certificate.rational mulf_div -!real_mul. Qed.

Lemma rational0 : rational zero = 0.
Proof. by rewrite /Certificate.rational real_zero mul0r. Qed.

Lemma rational_le p q : Qle_bool p q -> rational p <= rational q.
Proof.
move=> /Qle_bool_iff h; rewrite /Certificate.rational ler_pdivr_mulr ?real_pos // mulrAC.
by rewrite ler_pdivl_mulr ?real_pos // -!real_mul real_le; apply/Z.leb_le.
Qed.

Lemma rational_ge0 q : Z.ltb Z0 (Qnum q) -> 0 <= rational q.
Proof. by rewrite -(@real_lt R) real_zero => h; rewrite divr_ge0 // ltW // real_pos. Qed.

Lemma round_up_ge q : rational q <= rational (round_up q).
Proof.
rewrite /round_up unit64E real_opp /Certificate.rational.
set d := BinNums.Zpos _; set a := Z.opp (Z.shiftl (Qnum q) (Zpos 64)).
have aE : real a = - (real (Qnum q) * power2 R (Zpos 64)).
  by rewrite /a real_opp; rewrite -(@floor2_exact R (Qnum q) (Zpos 64) (Pos2Z.is_nonneg _)).
have := @div_le R a d (Pos2Z.is_pos _); rewrite aE mulNr ler_oppr => h.
rewrite power2N ler_pdivl_mulr ?power2_gt0 //; apply: le_trans h.
by rewrite mulrAC.
Qed.

Lemma sqnorm_relu d (x : nat -> R) : sqnorm d (relu x) <= sqnorm d x.
Proof.
by apply: ler_sum => j _; rewrite /relu; case: (leP (x j) 0) => // _; rewrite expr0n sqr_ge0.
Qed.

Lemma sqnorm_relu_sub d (x y : nat -> R) :
  sqnorm d (fun j => relu x j - relu y j) <= sqnorm d (fun j => x j - y j).
Proof.
have mono (p q : R) : 0 <= p -> p <= q -> p ^+ 2 <= q ^+ 2.
  by move=> p0 pq; rewrite ler_pexpn2r ?nnegrE // (le_trans p0).
apply: ler_sum => j _; rewrite /relu; case: (leP (x j) 0) => hx; case: (leP (y j) 0) => hy //.
- by rewrite subrr expr0n sqr_ge0.
- rewrite sub0r sqrrN -[X in _ <= X]sqrrN opprB; apply: mono; first exact: ltW.
  by rewrite ler_addl oppr_ge0.
- rewrite subr0; apply: mono; first exact: ltW.
  by rewrite ler_addl oppr_ge0.
Qed.

End Rational.

Section Checked.
Variables (R : realFieldType) (c : certificate).
Notation rational := (@rational R).
Hypothesis ok : check c.

Lemma checked : [/\ size (spaces c) = (depth c).+1, (0 < generators c)%N, (0 < width c)%N,
    all (space_ok (generators c) (size (sharing (floor c 0)))) (spaces c) &
    all (check_layer c) (iota 0 (depth c))] /\
  [/\ Z.ltb Z0 (Qnum (radius c)), Qeq_bool (error_bound c) (bounds c (depth c)).2 &
      Qle_bool (error_bound c) (epsilon c)].
Proof. by case/and4P: ok => /andP[_ /eqP ?] /andP[? ?] ? /and4P[? /andP[? _] ? ?]. Qed.

Lemma layer_ok i : (i < depth c)%N -> check_layer c i.
Proof. by case: checked => [[_ _ _ _ /allP h] _] lt_i; apply: h; rewrite mem_iota. Qed.

Lemma floor_ok k : (k <= depth c)%N -> space_ok (generators c) (size (sharing (floor c 0))) (floor c k).
Proof.
case: checked => [[E _ _ /(all_nthP no_space) h _] _] le_k; apply: h.
by rewrite E.
Qed.

Lemma floor_facts k : (k <= depth c)%N -> [/\ (0 < size (images (floor c k)))%N, (0 < points (floor c k))%N,
  size (images (floor c k)) = generators c & size (maps (floor c k)) = size (maps (floor c 0))].
Proof.
case: checked => [[_ g0 _ _ _] _] /floor_ok /and5P[_ p0 /eqP E /eqP E' _].
by rewrite /maps !size_cat E E'; split.
Qed.

Lemma floor_perm k g : (k <= depth c)%N -> (g < generators c)%N ->
  perm_eq (nth [::] (images (floor c k)) g) (iota 0 (points (floor c k))).
Proof.
move=> le_k lt_g; have /and5P[_ _ /eqP E _ /(all_nthP [::]) h] := floor_ok le_k.
by apply: h; rewrite E.
Qed.

Lemma run_bounds l x : (l <= depth c)%N ->
  sqnorm (dimension (floor c 0)) x <= rational (radius c) ^+ 2 ->
  let (a, e) := bounds c l in
  [/\ 0 <= rational a, 0 <= rational e,
      sqnorm (dimension (floor c l)) (run (target_layer c) l x) <= rational a ^+ 2 &
      sqnorm (dimension (floor c l)) (fun j => run (pruned_layer c) l x j - run (target_layer c) l x j)
        <= rational e ^+ 2].
Proof.
move=> le_l hx; elim: l le_l => [|i IH] lt_i /=.
  case: checked => _ [/rational_ge0 r0 _ _]; rewrite rational0 expr0n; split=> //.
  by rewrite /sqnorm big1 // => j _; rewrite subrr expr0n.
have := IH (ltnW lt_i); case: (bounds c i) => a e [a0 e0 ha he].
pose d := dimension (floor c i).
set z := if _ is 0%N then x else _; set y := if _ is 0%N then x else _.
have hz : sqnorm d z <= rational a ^+ 2.
  by apply: le_trans ha; rewrite /z /d; case: (i) => [|k] //; exact: sqnorm_relu.
have hyz : sqnorm d (fun j => y j - z j) <= rational e ^+ 2.
  by apply: le_trans he; rewrite /y /z /d; case: (i) => [|k] //; exact: sqnorm_relu_sub.
have hy : sqnorm d y <= (rational e + rational a) ^+ 2.
  rewrite (eq_sqnorm (y := fun j => (y j - z j) + z j)); last by move=> j _; rewrite subrK.
  exact: sqnorm_add1.
have [ix vx _ _] := floor_facts (ltnW lt_i); have [iy _ _ _] := floor_facts lt_i.
have [[_ _ N0 _ _] _] := checked; have okl := layer_ok lt_i.
have [[n0 en0 b0 eb0] _] := norms R okl.
have ea0 : 0 <= rational e + rational a by rewrite addr_ge0.
have ht := target_bounded okl iy a0 hz.
have hl := target_lip okl iy e0 hyz.
have hp := pruned_close okl vx iy ea0 hy.
set f := floor_layer c i in n0 en0 b0 eb0 ht hl hp *.
have up_sqr (t : R) q : 0 <= t -> t = rational q -> t ^+ 2 <= rational (round_up q) ^+ 2.
  move=> t0 E; have h := round_up_ge R q; rewrite -E in h.
  by rewrite ler_pexpn2r // nnegrE // (le_trans t0).
have up0 q : 0 <= rational q -> 0 <= rational (round_up q) by move=> q0; apply: le_trans (round_up_ge R q).
have A : rational (Qplus (Qmult (norm f) a) (bias_norm f)) = rational (norm f) * rational a + rational (bias_norm f).
  by rewrite rational_add rational_mul.
have E : rational (Qplus (Qplus (Qmult (norm f) e) (Qmult (error_norm f) (Qplus a e))) (bias_error_norm f))
    = (rational (error_norm f) * (rational e + rational a) + rational (bias_error_norm f)) + rational (norm f) * rational e.
  rewrite !rational_add !rational_mul rational_add; ring.
have t0 : 0 <= rational (norm f) * rational a + rational (bias_norm f).
  by apply: addr_ge0 => //; apply: mulr_ge0.
have p0 : 0 <= rational (error_norm f) * (rational e + rational a) + rational (bias_error_norm f).
  by apply: addr_ge0 => //; apply: mulr_ge0.
have l0 : 0 <= rational (norm f) * rational e by apply: mulr_ge0.
have pl0 := addr_ge0 p0 l0.
split; first by apply: up0; rewrite A.
- by apply: up0; rewrite E.
- by apply: le_trans ht _; apply: up_sqr.
apply: le_trans (up_sqr _ _ pl0 (esym E)).
rewrite (eq_sqnorm (y := fun j => (pruned_layer c i y j - target_layer c i y j)
    + (target_layer c i y j - target_layer c i z j))); last by move=> j _; rewrite addrA subrK.
exact: sqnorm_add1.
Qed.

(* the trivial representation *)
Let one (s : space) := Space 1 (nseq (size (images s)) [:: 0%N]) (nseq (size (sharing s)) [:: 0%N]).

Lemma maps_one s : maps (one s) = ones s.
Proof. by rewrite /maps /ones size_cat /= nseqD. Qed.

Lemma perms i j : (i <= depth c)%N -> (j <= depth c)%N -> forall u g, u = floor c i \/ u = floor c j ->
  (g < size (images u))%N -> perm_eq (nth [::] (images u) g) (iota 0 (points u)).
Proof.
move=> le_i le_j u g; have [_ _ Ei _] := floor_facts le_i; have [_ _ Ej _] := floor_facts le_j.
by case=> ->; rewrite ?Ei ?Ej => lt_g; apply: floor_perm.
Qed.

Lemma layer_ext i x y r : (i < depth c)%N ->
  (forall j, (j < dimension (floor c i))%N -> x j = y j) ->
  pruned_layer c i x r = pruned_layer c i y r :> R.
Proof.
move=> lt_i E; have [_ vx _ _] := floor_facts (ltnW lt_i); have F := pruned_form (R := R) (layer_ok lt_i) vx.
rewrite /pruned_layer; congr (_ + _); apply: etrans (F _ _) _; apply: etrans (esym (F _ _)).
by congr (_ + _); apply: linear_ext => // j lt_j; rewrite /relu E.
Qed.

Lemma layer_equivariant i g x r : (i < depth c)%N -> (g < generators c)%N ->
  (r < dimension (floor c i.+1))%N ->
  pruned_layer c i (act (floor c i) g x) r = act (floor c i.+1) g (@pruned_layer R c i x) r.
Proof.
move=> lt_i lt_g lt_r; set s := floor c i.+1; set t := floor c i.
have [iy wy Ey my] := floor_facts lt_i; have [ix vx Ex mx] := floor_facts (ltnW lt_i).
have same : size (maps s) = size (maps t) by rewrite my mx.
have /and4P[oyx _ oy1 _] := layer_ok lt_i; have F := pruned_form (R := R) (layer_ok lt_i) vx.
have P := perms lt_i (ltnW lt_i); have lt_gs : (g < size (images s))%N by rewrite Ey.
have lt_gt : (g < size (images t))%N by rewrite Ex.
have lt_mt : (g < size (maps t))%N by rewrite size_cat ltn_addr.
have lt_ms : (g < size (maps s))%N by rewrite same.
have in_s y : (y < points s)%N -> (moved s g y < points s)%N.
  by apply: (moved_lt (perms lt_i lt_i)) => //; left.
have in_t z : (z < points t)%N -> (moved t g z < points t)%N.
  by apply: (moved_lt (perms (ltnW lt_i) (ltnW lt_i))) => //; left.
have inv k y z : (y < points s)%N -> (z < points t)%N ->
    orbit_basis R (labels c i) (points t) k (moved s g y) (moved t g z)
    = orbit_basis R (labels c i) (points t) k y z.
  by move=> lt_y lt_z; apply: basis_moved; rewrite // /defined in_s // in_t.
have move_linear n K a y := @linear_equivariant R s t P n (channels s) K (orbit_basis R (labels c i) (points t))
  a y g r lt_gs lt_gt lt_r (fun k => inv k).
rewrite /act /pruned_layer; congr (_ + _).
  apply: etrans (F _ _) _; apply: etrans (esym (F _ _)).
  congr (_ + _); [exact: (move_linear _ _ _ (relu x)) | exact: (move_linear _ _ _ (relu (fun j => - x j)))].
have lt_y := ltn_remainder lt_r; rewrite /offset quotient ?remainder ?in_s //.
apply: eq_bigr => b _; congr (_ * _); rewrite /orbit_vector; congr ((_ == _)%:R).
have same1 : size (maps s) = size (maps (one s)) by rewrite maps_one size_nseq.
rewrite -maps_one in oy1; have i1 : (0 < size (images (one s)))%N by rewrite size_nseq.
have m1 : moved (one s) g 0 = 0%N by rewrite /moved maps_one nth_nseq lt_ms.
have p1 : points (one s) = 1%N by rewrite /points /=; case: (images s) iy.
have lt_m1 : (g < size (maps (one s)))%N by rewrite -same1.
have d1 : defined s (one s) g (r %% points s)%N 0 by rewrite /defined m1 p1 in_s.
have z1 : (0 < points (one s))%N by rewrite p1.
have := pair_label_moved iy i1 same1 oy1 None lt_m1 lt_y z1 d1.
by rewrite m1 p1 !muln1 !addn0 /= maps_one.
Qed.

Lemma run_equivariant l g x r : (l <= depth c)%N -> (g < generators c)%N ->
  (r < dimension (floor c l))%N ->
  run (pruned_layer c) l (act (floor c 0) g x) r = act (floor c l) g (run (@pruned_layer R c) l x) r.
Proof.
move=> le_l lt_g; elim: l le_l r => [|i IH] lt_i r lt_r //=.
rewrite -layer_equivariant //; apply: layer_ext => // j lt_j.
have := IH (ltnW lt_i) j lt_j; case: (i) => [|k] //= E.
by rewrite /relu E.
Qed.

Theorem check_sound : claim R c.
Proof.
have [[sz g0 N0 sp ly] [r0 hb heps]] := checked; split.
- move=> x hx; have := run_bounds (leqnn _) hx; case E : (bounds c (depth c)) => [a e] [_ _ _ h].
  by rewrite E in hb; rewrite (Qeq_rational R hb).
- exact: rational_le.
- exact: rational_ge0.
- by move=> g x r lt_g lt_r; exact: run_equivariant.
move=> i lt_i b K all_pairs.
have [iy _ _ my] := floor_facts lt_i; have [ix _ _ mx] := floor_facts (ltnW lt_i).
have same : size (maps (floor c i.+1)) = size (maps (floor c i)) by rewrite my mx.
have /and4P[oyx _ _ /and5P[_ /and3P[kK _ _] _ _ _]] := layer_ok lt_i.
split=> [k lt_k s t g y z lt_g lt_y lt_z d1 d2|M M_inv M_supp].
  by rewrite /b; apply: basis_moved => //; apply/andP.
have [//|//|a aP] := @basis_complete _ _ iy ix same oyx R _ _ M kK.
by exists a.
Qed.

End Checked.
