import ApusValues
import ApusVectors

/// Two values of fixed width made one; associative and commutative.
protocol Fold: Sendable {
  associatedtype Element: BitwiseCopyable

  static func combine(_ left: Element, _ right: Element) -> Element
}

enum SmallerFold<Element: Comparable & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element { right < left ? right : left }
}

enum LargerFold<Element: Comparable & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element { right > left ? right : left }
}

/// The smaller number; NaN only if there is no number.
enum SmallerNumberFold<Element: BinaryFloatingPoint & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element {
    right < left || left.isNaN ? right : left
  }
}

/// The larger number; NaN only if there is no number.
enum LargerNumberFold<Element: BinaryFloatingPoint & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element {
    right > left || left.isNaN ? right : left
  }
}

enum AndFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left & right }
}

enum OrFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left | right }
}

enum ExclusiveOrFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left ^ right }
}

/// The loops of a fold over its element type: a generic class would run them unspecialised, these
/// closures are made where the types are known.
struct FoldKernel: Sendable {
  /// Bytes of a value.
  let stride: Int
  /// Folds rows into the values of their groups; a group's byte says whether it has one.
  let update:
    @Sendable (
      _ values: StateMemory, _ isKnown: UnsafeMutablePointer<UInt8>, GroupedRows, ColumnVector
    ) -> Void
  /// Folds the rows of frames into a value each; see `FrameAccumulator`.
  let slide:
    @Sendable (
      _ values: StateMemory, _ isKnown: UnsafeMutablePointer<UInt8>, WindowFrames, ColumnVector,
      _ counted: [UInt8]?
    ) -> Void
  /// Folds the second value into the first.
  let combine: @Sendable (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void

  init<Rule: Fold>(_ rule: Rule.Type) {
    typealias Element = Rule.Element
    stride = MemoryLayout<Element>.stride
    combine = { target, source in
      let target = target.assumingMemoryBound(to: Element.self)
      target.pointee = Rule.combine(target.pointee, source.load(as: Element.self))
    }
    slide = { memory, isKnown, frames, argument, counted in
      let reach = frames.reach
      let present = presence(of: argument, counted, reach)
      func fold(_ present: UnsafePointer<UInt8>?) {
        let tree = FoldTree<Rule>(
          over: reach,
          values: argument.values(as: Element.self),
          isKnown: present
        )
        tree.fold(frames, into: memory.states(as: Element.self), isKnown: isKnown)
      }
      if let present {
        present.withUnsafeBufferPointer { fold($0.baseAddress) }
      } else {
        fold(nil)
      }
    }
    update = { memory, isKnown, rows, argument in
      let values = memory.states(as: Element.self)
      let source = argument.operand(as: Element.self)
      if memory.count == 1, !rows.hasSkipped, rows.count > 0, argument.encoding == .flat,
        argument.validity == nil
      {
        let pointer = source.values
        var value = pointer[0]
        for row in 1..<rows.count { value = Rule.combine(value, pointer[row]) }
        values[0] = isKnown[0] != 0 ? Rule.combine(values[0], value) : value
        isKnown[0] = 1
        return
      }
      rows.visit(nonNullsOf: argument) { group, row in
        let value = source[row]
        values[group] = isKnown[group] != 0 ? Rule.combine(values[group], value) : value
        isKnown[group] = 1
      }
    }
  }
}

/// Folds the values of each group into one; NULL for a group without values.
final class FoldAccumulator: Accumulator {
  private let kernel: FoldKernel
  private let result: SQLType
  private let values: StateMemory
  private let isKnown = StateMemory(stride: 1)

  init(_ kernel: FoldKernel, result: SQLType) {
    self.kernel = kernel
    self.result = result
    values = StateMemory(stride: kernel.stride)
  }

  func resize(groupCount: Int) {
    values.grow(to: groupCount)
    isKnown.grow(to: groupCount)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    kernel.update(values, isKnown.states(as: UInt8.self), GroupedRows(groups), argument)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: FoldAccumulator.self)
    let known = isKnown.states(as: UInt8.self)
    let otherKnown = other.isKnown.states(as: UInt8.self)
    for (group, target) in mapping where otherKnown[group] != 0 {
      let source = UnsafeRawPointer(other.values.base + group * kernel.stride)
      let place = values.base + target * kernel.stride
      if known[target] != 0 {
        kernel.combine(place, source)
      } else {
        place.copyMemory(from: source, byteCount: kernel.stride)
        known[target] = 1
      }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    builder.rawValues.copyMemory(
      from: values.base + range.lowerBound * kernel.stride,
      byteCount: range.count * kernel.stride
    )
    let known = isKnown.states(as: UInt8.self)
    for (row, group) in range.enumerated() where known[group] == 0 { builder.setNull(row) }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { values.byteCount + isKnown.byteCount }
}

extension FoldAccumulator: FrameAccumulator {
  func canSlide(over frames: WindowFrames) -> Bool { true }

  func slide(over frames: WindowFrames, arguments: [ColumnVector], counted: [UInt8]?) {
    kernel.slide(values, isKnown.states(as: UInt8.self), frames, arguments[0], counted)
  }
}
