// How tightly the operators between two values bind: `||` least, then sums, then products.
extension ArithmeticOperator {
  init?(_ symbol: Symbol) {
    switch symbol {
    case .plus: self = .add
    case .minus: self = .subtract
    case .star: self = .multiply
    case .slash: self = .divide
    case .percent: self = .modulo
    case .concatenate: self = .concatenate
    default: return nil
    }
  }

  /// Greater binds tighter; equal ones go from left to right.
  var precedence: Int {
    switch self {
    case .concatenate: 1
    case .add, .subtract: 2
    case .multiply, .divide, .modulo: 3
    }
  }
}

extension ComparisonOperator {
  init?(_ symbol: Symbol) {
    switch symbol {
    case .equal: self = .equal
    case .notEqual, .notEqualBang: self = .notEqual
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    default: return nil
    }
  }
}
