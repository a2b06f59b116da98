(******************************************************************************)
(* The orbit basis of a permutation representation.                           *)
(*                                                                            *)
(* A finite group G acts on finite sets X and Y, hence on X * Y.              *)
(*     equivariant_mx G aX aY M == M (g x) (g y) = M x y for all g in G       *)
(*     orbits == the set of orbits of G on X * Y                              *)
(*     orbit_mx O x y == 1 if (x, y) is in O, else 0                          *)
(* Main results:                                                              *)
(*     orbit_basis_span : the equivariant matrices are exactly the linear     *)
(*        combinations of the orbit_mx O, O in orbits, with unique coefficient*)
(*        c O the value of M on O: the orbit basis spans the whole commutant  *)
(*     orbit_count : \sum_(g in G) |Fix_X g| |Fix_Y g| = |orbits| |G|.        *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_fingroup all_algebra.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GroupScope.

Section OrbitBasis.
Variables (gT : finGroupType) (X Y : finType).
Variables (aX : {action gT &-> X}) (aY : {action gT &-> Y}) (G : {group gT}).

Definition pact (p : X * Y) (g : gT) : X * Y := (aX p.1 g, aY p.2 g).
Lemma pact_is_action : is_action setT pact.
Proof.
by apply: is_total_action => [[x y]|[x y] g h]; rewrite /pact /= ?act1 // !actM.
Qed.
Definition prod_action := Action pact_is_action.

Definition orbits : {set {set X * Y}} := orbit prod_action G @: setT.

Theorem orbit_count : \sum_(g in G) (#|'Fix_aX[g]| * #|'Fix_aY[g]|) = (#|orbits| * #|G|)%N.
Proof.
have ST : [acts G, on setT | prod_action] by apply/actsP => g gG p; rewrite !inE.
rewrite /orbits -(Frobenius_Cauchy ST); apply: eq_bigr => g gG.
rewrite setTI -cardsX; apply: eq_card => -[x y].
by rewrite !inE /= !sub1set !inE xpair_eqE.
Qed.

Section Span.
Variable R : ringType.
Implicit Types (M : X -> Y -> R) (c : {set X * Y} -> R).
Definition equivariant_mx M := forall g, g \in G -> forall x y, M (aX x g) (aY y g) = M x y.
Definition orbit_mx (O : {set X * Y}) (x : X) (y : Y) : R := ((x, y) \in O)%:R%R.

Lemma orbit_mxE c x y :
  (\sum_(O in orbits) c O * orbit_mx O x y = c (orbit prod_action G (x, y)))%R.
Proof.
rewrite (bigD1 (orbit prod_action G (x, y))) /=; last by apply: imset_f; rewrite inE.
rewrite /orbit_mx orbit_refl GRing.mulr1 big1 ?GRing.addr0 // => O /andP[/imsetP[p _ ->] ne].
case: (boolP (_ \in _)) => [h|_]; last by rewrite GRing.mulr0.
by case/negP: ne; apply/eqP/orbit_eqP; rewrite orbit_sym.
Qed.

Theorem orbit_basis_span M : equivariant_mx M <->
  exists c, forall x y, (M x y = \sum_(O in orbits) c O * orbit_mx O x y)%R.
Proof.
split=> [E|[c H] g gG x y]; last first.
  by rewrite !H !orbit_mxE; congr c; apply/orbit_eqP/orbitP; exists g.
exists (fun O : {set X * Y} => if [pick p in O] is Some p then M p.1 p.2 else 0%R) => x y.
rewrite orbit_mxE; case: pickP => [[x' y'] /orbitP[g gG [<- <-]] /=|no]; first by rewrite E.
by have := no (x, y); rewrite orbit_refl.
Qed.

End Span.
End OrbitBasis.
