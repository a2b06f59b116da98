"""Sums of a few samples side by side in vector registers: the operations that the compiler does not find by itself.

They are written in LLVM's portable vector code, which every processor runs; with 256-bit registers one takes a few
cycles.
"""

# ruff: noqa: ARG001 - the arguments of an intrinsic are types; the values come with the call.

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic as untyped

intrinsic: Any = untyped
LANES_BITS = 7
LANES = 128
"""One table holds the sums of seven samples."""

I8, I16, I32, I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))


def _vector_at(context: Any, builder: Any, kind: Any, array: Any, first: int, lanes: int, element: Any) -> Any:
    """Return a pointer to `lanes` entries of a numba array, as a vector."""
    data = context.make_array(kind)(context, builder, array).data
    place = builder.gep(data, [ir.Constant(I64, first)])
    return builder.bitcast(place, ir.VectorType(element, lanes).as_pointer())


def _splat(builder: Any, value: Any, lanes: int) -> Any:
    kind = ir.VectorType(value.type, lanes)
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(I32, 0))
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), ir.Constant(ir.VectorType(I32, lanes), [0] * lanes))


def _load(builder: Any, pointer: Any, size: int) -> Any:
    value = builder.load(pointer)
    value.align = size
    return value


def _store(builder: Any, value: Any, pointer: Any, size: int) -> None:
    builder.store(value, pointer).align = size


@intrinsic
def low_sums(context, scaled, low, small):
    """Set `low` uint32 [128] to the sums of the first seven entries of `scaled` uint32, `small` uint16 to their upper
    halves.
    """

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        samples = [builder.load(builder.gep(data, [ir.Constant(I64, k)])) for k in range(LANES_BITS)]
        wide = ir.VectorType(I32, 8)
        sums = [ir.Constant(wide, [0] * 8)]
        for k, sample in enumerate(samples):
            value = _splat(builder, sample, 8)
            if k < 3:
                chosen = ir.Constant(wide, [-(lane >> k & 1) for lane in range(8)])
                sums = [builder.add(sums[0], builder.and_(value, chosen))]
            else:
                sums += [builder.add(s, value) for s in sums]
        both = ir.Constant(ir.VectorType(I32, 16), list(range(16)))
        for k, s in enumerate(sums):
            _store(builder, s, _vector_at(context, builder, signature.args[1], arguments[1], 8 * k, 8, I32), 4)
        upper = [builder.lshr(s, ir.Constant(wide, [16] * 8)) for s in sums]
        for k in range(0, len(upper), 2):
            pair = builder.trunc(builder.shuffle_vector(upper[k], upper[k + 1], both), ir.VectorType(I16, 16))
            _store(builder, pair, _vector_at(context, builder, signature.args[2], arguments[2], 8 * k, 16, I16), 2)
        return context.get_dummy_value()

    return types.void(scaled, low, small), generate


@intrinsic
def least_lane(context, small, add):
    """Return the least of small + add modulo 2^16, over the 128 lanes of `small` uint16."""

    def generate(context, builder, signature, arguments):
        value = _splat(builder, arguments[1], 16)
        lanes = [
            builder.add(_load(builder, _vector_at(context, builder, signature.args[0], arguments[0], k, 16, I16), 2), value)
            for k in range(0, LANES, 16)
        ]
        while len(lanes) > 1:
            lanes = [_least(builder, a, b) for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
        return _least_of_sixteen(builder, lanes[0])

    return types.uint16(small, types.uint16), generate


def _least_of_sixteen(builder: Any, lanes: Any) -> Any:
    half = ir.Constant(ir.VectorType(I32, 8), list(range(8)))
    rest = ir.Constant(ir.VectorType(I32, 8), list(range(8, 16)))
    undefined = ir.Constant(lanes.type, ir.Undefined)
    eight = _least(builder, builder.shuffle_vector(lanes, undefined, half), builder.shuffle_vector(lanes, undefined, rest))
    reduce = get_or_insert_function(builder.module, ir.FunctionType(I16, [eight.type]), "llvm.vector.reduce.umin.v8i16")
    return builder.call(reduce, [eight])


def _least(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_unsigned("<", a, b), a, b)


@intrinsic
def append_run(context, keys, first, add, out, place):
    """Set out[place : place + 16] to keys[first : first + 16] + add, all uint16."""

    def generate(context, builder, signature, arguments):
        source = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        goal = context.make_array(signature.args[3])(context, builder, arguments[3]).data
        value = _splat(builder, arguments[2], 16)
        lanes = _load(builder, builder.bitcast(builder.gep(source, [arguments[1]]), value.type.as_pointer()), 2)
        _store(builder, builder.add(lanes, value), builder.bitcast(builder.gep(goal, [arguments[4]]), value.type.as_pointer()), 2)
        return context.get_dummy_value()

    return types.void(keys, first, add, out, place), generate


@intrinsic
def two_at(context, table, place):
    """Return table[place] + 2^16 · table[place + 1] for a table uint16, in one load."""

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return _load(builder, builder.bitcast(builder.gep(data, [arguments[1]]), I32.as_pointer()), 2)

    return types.uint32(table, place), generate


PAIRED = 16
"""How many entries of the second list `least_pairs` takes at a time."""


def least_pairs(registers: int) -> Any:
    """Return an intrinsic (a, i, b, j): the least a[i + k] + b[j + l] modulo 2^16, k < 16 · registers, l < 16; uint16."""

    def least(context, a, i, b, j):
        def generate(context, builder, signature, arguments):
            first = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            second = context.make_array(signature.args[2])(context, builder, arguments[2]).data
            vector = ir.VectorType(I16, 16).as_pointer()
            places = [builder.gep(first, [builder.add(arguments[1], ir.Constant(I64, 16 * r))]) for r in range(registers)]
            lanes = [_load(builder, builder.bitcast(place, vector), 2) for place in places]
            found: list[Any] = []
            for k in range(PAIRED):
                value = _splat(builder, builder.load(builder.gep(second, [builder.add(arguments[3], ir.Constant(I64, k))])), 16)
                sums = [builder.add(lane, value) for lane in lanes]
                found = [_least(builder, old, new) for old, new in zip(found, sums, strict=True)] if found else sums
            while len(found) > 1:
                found = [_least(builder, found[0], found[1]), *found[2:]]
            return _least_of_sixteen(builder, found[0])

        return types.uint16(a, i, b, j), generate

    return intrinsic(least)


least_pairs_16, least_pairs_32, least_pairs_48, least_pairs_64 = (least_pairs(registers) for registers in (1, 2, 3, 4))


@intrinsic
def lanes_at_most(context, table, add, most, first):
    """Return, as bits, the 64 lanes from `first` on (0 or 64) in which table + add is at most `most`, modulo the type
    of `table`, uint16 or uint32.
    """
    number = types.uint16 if table.dtype == types.uint16 else types.uint32

    def generate(context, builder, signature, arguments):
        value, limit = _splat(builder, arguments[1], 16), _splat(builder, arguments[2], 16)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        bits = ir.Constant(I64, 0)
        for k in range(0, 64, 16):
            place = builder.gep(data, [builder.add(arguments[3], ir.Constant(I64, k))])
            lanes = _load(builder, builder.bitcast(place, value.type.as_pointer()), 2 if number is types.uint16 else 4)
            hits = builder.icmp_unsigned("<=", builder.add(lanes, value), limit)
            sixteen = builder.zext(builder.bitcast(hits, I16), I64)
            bits = builder.or_(bits, builder.shl(sixteen, ir.Constant(I64, k)))
        return bits

    return types.uint64(table, number, number, types.uint64), generate


@intrinsic
def lowest_bit(context, bits):
    """Return the place of the lowest set bit of a uint64 other than 0."""
    return types.uint64(types.uint64), lambda _, builder, __, arguments: builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))
