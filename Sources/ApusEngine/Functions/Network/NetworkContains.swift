import ApusPlanner
import ApusValues
import ApusVectors

/// `contains(network, address)`: whether a network in the notation of CIDR has an address.
///
///     contains('10.0.0.0/8', IPADDRESS '10.255.255.255')  →  true
enum NetworkContains: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("contains('10.0.0.0/8', IPADDRESS '10.1.2.3')", "true"),
      FunctionExample("contains('2001:db8::/32', IPADDRESS '10.1.2.3')", "false"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "contains",
        [.type(.text), .type(.ipAddress)],
        returns: .type(.boolean),
        summary: "Returns whether a network (CIDR) has an address."
      )
    ) { arguments in
      let networks = arguments[0].texts
      let addresses = arguments[1].operand(as: Int128.self)
      // One network stands beside many addresses as a rule.
      var last: (text: StringView, network: AddressNetwork)?
      return { row throws(SQLError) -> UInt8? in
        let view = networks[row]
        if let last, last.text == view { return bit(last.network.contains(addresses[row])) }
        let network = try AddressNetwork(String(decoding: networks.bytes(row), as: UTF8.self))
        last = (view, network)
        return bit(network.contains(addresses[row]))
      }
    }
  ]
}

/// The addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`.
struct AddressNetwork {
  private let first: UInt128
  /// How many bits tell one address of the network from another.
  private let freeBits: Int
  private let isVersion4: Bool

  /// - Throws: INVALID_FUNCTION_ARGUMENT for other text, and for an IPv4 address that has bits behind
  ///   the prefix; IPv6 addresses may.
  init(_ text: String) throws(SQLError) {
    guard let slash = text.firstIndex(of: "/") else { throw invalidArgument("Invalid CIDR") }
    guard let address = IPAddress(String(text[..<slash])) else {
      throw invalidArgument("Invalid network IP address")
    }
    guard let length = Int32(text[text.index(after: slash)...]), length >= 0 else {
      throw invalidArgument("Invalid prefix length")
    }
    isVersion4 = address.isVersion4
    let bitCount = isVersion4 ? 32 : 128
    guard length <= bitCount else {
      throw invalidArgument("Prefix length exceeds address length")
    }
    freeBits = bitCount - Int(length)
    first = UInt128(truncatingIfNeeded: address.ordered)
    if isVersion4, first & ((1 << UInt128(freeBits)) &- 1) != 0 {
      throw invalidArgument("Invalid CIDR")
    }
  }

  /// - Parameter ordered: the address as it lies in memory.
  func contains(_ ordered: Int128) -> Bool {
    let address = UInt128(truncatingIfNeeded: ordered)
    // A network of IPv6 has no address of IPv4, though these lie among its own.
    if !isVersion4, address >> 32 == AddressNetwork.version4 { return false }
    return (address ^ first) >> UInt128(freeBits) == 0
  }

  /// What addresses of IPv4 begin with in memory.
  private static let version4: UInt128 = (1 << 127 | 0xffff << 32) >> 32
}
