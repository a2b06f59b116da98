(******************************************************************************)
(* Instances of the strong lottery ticket theorem.                            *)
(*                                                                            *)
(* Networks whose signals on floor i are functions on a finite set X i, on    *)
(* which a group acts by permutations; layers are combinations of invariant   *)
(* kernels m i k : X i.+1 -> X i -> R with row sums of absolute values at most*)
(* c i; ReLU; sup norm.  Then |||kappa (x) B_i||| <= n_i c_i.                 *)
(*     permutation_lottery_ticket : the theorem of Main.v for such networks   *)
(* and the invariant kernels, each with its row sum:                          *)
(*     trivial group : the kernel 1 on one point, c = 1 (dense networks)      *)
(*     cyclic shifts : K shifts of a cycle, c = K (circular convolutions),    *)
(*        attained on the constant signal                                     *)
(*     S_d on d points : the kernels I and J, c = d + 1                       *)
(*     any permutation representation : the orbit basis, c = |X|              *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_fingroup all_algebra.
From lottery Require Import ProductLaw Probability LayerError LotteryLayer.
From lottery Require Import ErrorComposition LotteryNetwork Width Main Kernel OrbitBasis.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section PermutationNetworks.
Variables (R : realFieldType) (l e s : nat) (X : nat -> finType).
Variables (n N K1 K : nat -> nat) (G : Type) (a : forall i, G -> X i -> X i).
Variables (m1 : forall i, 'I_(K1 i) -> X i -> X i -> R).
Variables (m : forall i, 'I_(K i) -> X i.+1 -> X i -> R).
Variables (id1 : forall i, 'I_(K1 i)) (c : nat -> R) (L : nat -> nat) (eps : R) (dlt : rat).

Notation V := (fun i => [lmodType R of {ffun X i -> R^o}]).
Notation b1 := (fun i (k : 'I_(K1 i)) => kernel (m1 k)).
Notation B := (fun i (k : 'I_(K i)) => kernel (m k)).
Notation rho := (fun i (g : G) => permute R (a (i := i) g)).
Notation sigma := (fun i (x : {ffun X i -> R^o}) => relu x).

Definition relu_before (i : nat) : signal V n i -> signal V n i :=
  if i is i'.+1 then fun x => act (@relu R (X i'.+1)) x else id.

Hypothesis a_bij : forall i g, bijective (a (i := i) g).
Hypothesis m1_id : forall i y z, m1 (id1 i) y z = (y == z)%:R.
Hypothesis m1_inv : forall i (k : 'I_(K1 i)) g y z, m1 k (a g y) (a g z) = m1 k y z.
Hypothesis m_inv : forall i (k : 'I_(K i)) g y z, m k (a g y) (a g z) = m k y z.
Hypothesis c_ge0 : forall i, 0 <= c i.
Hypothesis row_sum : forall i y, \sum_(k < K i) \sum_z `|m k y z| <= c i.
Hypotheses (l_gt0 : (0 < l)%N) (e_ge24 : (24 <= e)%N) (s_gt0 : (0 < s)%N).
Hypotheses (eps_ge0 : 0 <= eps) (eps_le1 : eps <= 1).
Hypothesis accuracy : forall i, (i < l)%N -> 5%:R * l%:R * ((n i)%:R * c i) <= s%:R * eps.
Hypothesis failure : forall i, (i < l)%N ->
  (16 * l * (n i * n i.+1 * K i) * s ^ 2)%:R <= dlt * 2%:R ^+ L i.
Hypothesis width : forall i, (i < l)%N -> (51 * L i <= N i)%N.

Notation weights := {ffun network_index l n N K1 K -> weight (e * s).*2}.
Notation pruned om mask := (@random_network R l (e * s) V n N K1 K b1 B sigma relu_before om mask).
Notation target lam := (@target_network R l V n K B relu_before lam).

Theorem permutation_lottery_ticket :
  exists2 bad : {set weights}, Pr bad <= dlt &
    forall om : weights, om \notin bad ->
    forall lam : (forall i : 'I_l, floor_coef n K i -> R),
      (forall (i : 'I_l) k, `|lam i k| <= 1) ->
      (forall (i : 'I_l) (x : signal V n i),
         sup_norm (target_layer (B i) (lam i) x) <= sup_norm x) ->
    exists mask : network_index l n N K1 K -> bool,
      (forall x : signal V n 0, sup_norm x <= 1 ->
         sup_norm (pruned om mask x - target lam x) <= eps) /\
      (forall g x, pruned om mask (on_signal rho g x) = on_signal rho g (pruned om mask x)).
Proof.
apply: (@strong_lottery_ticket R l e s V n N K1 K b1 B id1 sigma relu_before
  (fun i => @sup_norm R (n i) (X i)) (fun i => (n i)%:R * c i) G rho L eps dlt) => //.
- move=> i x; apply/ffunP => y; rewrite ffunE (bigD1 y) //= m1_id eqxx mul1r big1 ?addr0 // => z ne.
  by rewrite m1_id eq_sym (negbTE ne) mul0r.
- by move=> i t x; exact: reluZ.
- by move=> i x; exact: relu_split.
- by move=> i; exact: sup_norm_seminorm.
- by move=> i x; exact: relu_act_le.
- by case=> [|i] x y //=; exact: relu_act_lip.
- case=> [|i] //=; apply/ffunP => p; rewrite !ffunE; apply/ffunP => z.
  by rewrite !ffunE maxxx.
- by move=> i; rewrite mulr_ge0 ?ler0n ?c_ge0.
- move=> i sg x; exact: (@kernel_basis_norm R _ _ _ _ _ _ _ (c_ge0 i) (@row_sum i)).
- by move=> i k g x; apply: kernel_equivariant => // g' y z.
- by move=> i k g x; apply: kernel_equivariant => // g' y z.
- by move=> i g x; exact: relu_equivariant.
- case=> [|i] g x //=; apply/ffunP => p; rewrite !ffunE; exact: relu_equivariant.
Qed.

End PermutationNetworks.

Section Kernels.
Variable R : realFieldType.

(* the trivial group *)
Definition dense_kernel (k : 'I_1) (y z : unit) : R := 1.

Lemma dense_row_sum y : \sum_(k < 1) \sum_z `|dense_kernel k y z| <= 1.
Proof. by rewrite big_ord1 /dense_kernel normr1 sumr_const card_unit. Qed.

(* kernels without negative entries: the sum of all operators attains the row sum on the constant signal, *)
(* so that the bound |||B||| <= c of permutation_lottery_ticket is an equality in the sup norm *)
Lemma nonneg_norm_attained (X Y : finType) K (m : 'I_K -> Y -> X -> R) y :
  (forall k z, 0 <= m k y z) -> \sum_k kernel (m k) [ffun=> 1] y = \sum_k \sum_z `|m k y z|.
Proof.
move=> m0; apply: eq_bigr => k _; rewrite ffunE; apply: eq_bigr => z _.
by rewrite ffunE mulr1 ger0_norm.
Qed.

Theorem dense_norm_attained y : \sum_k kernel (dense_kernel k) [ffun=> 1] y = 1.
Proof.
rewrite nonneg_norm_attained => [|k z]; last exact: ler01.
by rewrite big_ord1 /dense_kernel normr1 sumr_const card_unit.
Qed.

(* cyclic shifts: the k-th tap reads the point y + k of the cycle Z / (d + 1) *)
Section Shifts.
Variables (d K : nat).
Definition shift_kernel (k : 'I_K) (y z : 'I_d.+1) : R := (z == y + inZp k)%:R.

Lemma shift_invariant k g y z : shift_kernel k (g + y) (g + z) = shift_kernel k y z.
Proof. by rewrite /shift_kernel -addrA (inj_eq (addrI g)). Qed.

Lemma shift_row_sum y : \sum_k \sum_z `|shift_kernel k y z| = K%:R.
Proof.
rewrite (eq_bigr (fun=> 1)) => [|k _]; first by rewrite sumr_const card_ord.
rewrite (bigD1 (y + inZp k)) //= /shift_kernel eqxx normr1 big1 ?addr0 // => z ne.
by rewrite (negbTE ne) normr0.
Qed.

(* |||B||| = K: attained by the sum of all shifts on the constant signal *)
Lemma shift_norm_attained y : \sum_k kernel (shift_kernel k) [ffun=> 1] y = K%:R.
Proof.
rewrite -(shift_row_sum y); apply: eq_bigr => k _; rewrite ffunE.
by apply: eq_bigr => z _; rewrite ffunE mulr1 /shift_kernel normr_nat.
Qed.
End Shifts.

(* S_d on d points: I and J *)
Section Symmetric.
Variable d : nat.
Definition set_kernel (k : 'I_2) (y z : 'I_d) : R := if k == ord0 then (y == z)%:R else 1.

Lemma set_invariant k (g : 'S_d) y z : set_kernel k (g y) (g z) = set_kernel k y z.
Proof. by rewrite /set_kernel (inj_eq perm_inj). Qed.

Lemma set_row_sum y : \sum_k \sum_z `|set_kernel k y z| = d.+1%:R.
Proof.
rewrite big_ord_recl big_ord1.
have -> : \sum_z `|set_kernel ord0 y z| = 1.
  rewrite (bigD1 y) //= /set_kernel !eqxx normr1 big1 ?addr0 // => z ne.
  by rewrite eq_sym (negbTE ne) normr0.
have one z : `|set_kernel (lift ord0 ord0) y z| = 1 by exact: normr1.
rewrite (eq_bigr (fun=> 1)) => [|z _]; last exact: one.
by rewrite sumr_const card_ord -[d.+1]add1n natrD.
Qed.

(* |||B||| = d + 1 *)
Theorem set_norm_attained y : \sum_k kernel (set_kernel k) [ffun=> 1] y = d.+1%:R.
Proof.
rewrite -(set_row_sum y) nonneg_norm_attained // => k z.
by rewrite /set_kernel; case: ifP => _; rewrite ?ler0n ?ler01.
Qed.
End Symmetric.

(* the orbit basis of any permutation representation *)
Section Orbits.
Variables (gT : finGroupType) (X Y : finType).
Variables (aX : {action gT &-> X}) (aY : {action gT &-> Y}) (G : {group gT}).
Notation O := (orbits aY aX G).
Definition orbit_kernel (k : 'I_#|O|) (y : Y) (z : X) : R := orbit_mx R (enum_val k) y z.

Lemma orbit_invariant k g y z : g \in G -> orbit_kernel k (aY y g) (aX z g) = orbit_kernel k y z.
Proof.
move=> gG; rewrite /orbit_kernel /orbit_mx; have /imsetP[p _ ->] := enum_valP k.
congr (nat_of_bool _)%:R.
have E : orbit (prod_action aY aX) G (aY y g, aX z g) = orbit (prod_action aY aX) G (y, z).
  by apply/orbit_eqP/orbitP; exists g.
by apply/orbit_eqP/orbit_eqP => <-; rewrite E.
Qed.

Lemma orbit_row_sum y : \sum_k \sum_z `|orbit_kernel k y z| = #|X|%:R.
Proof.
rewrite exchange_big /= (eq_bigr (fun=> 1)) => [|z _]; first by rewrite sumr_const.
transitivity (\sum_(P in O) (1 : R) * orbit_mx R P y z); last exact: (orbit_mxE aY aX G (fun=> 1)).
rewrite [RHS]big_enum_val /=; apply: eq_bigr => k _.
by rewrite /orbit_kernel mul1r /orbit_mx normr_nat.
Qed.

(* |||B||| = |X| *)
Theorem orbit_norm_attained y : \sum_k kernel (orbit_kernel k) [ffun=> 1] y = #|X|%:R.
Proof. by rewrite -(orbit_row_sum y) nonneg_norm_attained // => k z; rewrite /orbit_kernel ler0n. Qed.

End Orbits.
End Kernels.
