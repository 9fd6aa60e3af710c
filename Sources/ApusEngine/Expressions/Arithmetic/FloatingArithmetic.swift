import ApusPlanner
import ApusValues
import ApusVectors

extension ArithmeticOperation {
  /// IEEE arithmetic: division by zero gives an infinity or NaN, and nothing fails.
  func floatingKernel<Element: BinaryFloatingPoint & Sendable>(_ element: Element.Type)
    -> BinaryKernel
  {
    { left, right, rows, _ throws(SQLError) in
      switch op {
      case .add:
        mapBinary(left, right, to: result, rows: rows) { (a: Element, b: Element) in a + b }
      case .subtract:
        mapBinary(left, right, to: result, rows: rows) { (a: Element, b: Element) in a - b }
      case .multiply:
        mapBinary(left, right, to: result, rows: rows) { (a: Element, b: Element) in a * b }
      case .divide:
        mapBinary(left, right, to: result, rows: rows) { (a: Element, b: Element) in a / b }
      case .modulo:
        mapBinary(left, right, to: result, rows: rows) { (a: Element, b: Element) in
          a.truncatingRemainder(dividingBy: b)
        }
      }
    }
  }
}
