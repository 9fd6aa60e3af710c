import ApusValues
import Testing

@Suite struct AddressTests {
  @Test func addressesComeBackAndOrderAsBytes() {
    let texts = [
      "0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
      "2001:0:0:1::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    let addresses = texts.compactMap { IPAddress($0) }
    #expect(addresses.map(\.description) == texts)
    for left in addresses {
      #expect(IPAddress(ordered: left.ordered) == left)
      for right in addresses {
        let isLess = left.bytes.lexicographicallyPrecedes(right.bytes)
        #expect((left.ordered < right.ordered) == isLess)
      }
    }
    #expect(IPAddress("::ffff:1.2.3.4")?.description == "1.2.3.4")
    for text in ["", "1.2.3", "1.2.3.256", ":::", "g::", "1.2.3.4/8", "1.2.3.4 "] {
      #expect(IPAddress(text) == nil, "\(text)")
    }
  }

  @Test func networks() {
    for (text, shown) in [
      ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3/32", "10.1.2.3/32"), ("10.1.2.3/0", "0.0.0.0/0"),
      ("2001:db8:ffff::/33", "2001:db8:8000::/33"), ("::1/128", "::1/128"),
      ("10.1.2.3/15", "10.0.0.0/15"),
    ] {
      #expect(IPAddress.parsePrefix(text).map { IPAddress.prefixText($0) } == shown, "\(text)")
    }
    for text in ["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "/8", "x/8"] {
      #expect(IPAddress.parsePrefix(text) == nil, "\(text)")
    }
  }

  @Test func uuids() {
    let text = "12151fd2-7586-11e9-8f9e-2a86e4085a59"
    #expect(parseUUID(text).map(uuidText) == text)
    #expect(parseUUID(text.uppercased()).map(uuidText) == text)
    for text in [
      "", "12151fd2758611e98f9e2a86e4085a59", "12151fd2-7586-11e9-8f9e-2a86e4085a5",
      "+2151fd2-7586-11e9-8f9e-2a86e4085a59", "g2151fd2-7586-11e9-8f9e-2a86e4085a59",
    ] {
      #expect(parseUUID(text) == nil, "\(text)")
    }
  }
}
