import ApusPlanner
import ApusValues
import ApusVectors

extension ScalarOverload {
  /// The function of a time with time zone that takes what the zone's clocks show.
  func ofLocalTime(at position: Int, _ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    var signature = signature
    signature.parameters[position] = parameter
    let prepare = prepare
    return ScalarOverload(signature) { call throws(SQLError) in
      var local = call
      local.function.parameterTypes[position] = call.function.parameterTypes[position].withoutZone
      local.constants[position] = nil
      let evaluator = try prepare(local)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        var arguments = arguments
        arguments[position] = arguments[position].localTimes(rows)
        return try evaluator.evaluate(arguments, rows: rows, errors: &errors)
      }
    }
  }
}

/// Reads a time zone of a row; a constant one is looked up once.
///
/// - Returns: what gives the zone of a row, or throws NOT_SUPPORTED for one that there is not.
func zoneReader(_ call: ScalarCall, at position: Int)
  -> @Sendable (KernelOperand<StringView>, Int) throws(SQLError) -> TimeZoneKey
{
  @Sendable func zone(_ name: String) throws(SQLError) -> TimeZoneKey {
    guard let zone = TimeZoneKey(name: name) else {
      throw SQLError(.notSupported, "Time zone not supported: \(name)")
    }
    return zone
  }
  if case .text(let name)? = call.constants[position], let zone = TimeZoneKey(name: name) {
    return { _, _ throws(SQLError) in zone }
  }
  return { names, row throws(SQLError) in try zone(names[row].string) }
}
