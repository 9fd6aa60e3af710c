import Testing

@testable import ApusStorage

/// The XML of S3, whole and broken.
@Suite struct S3ListingTests {
  private let page = """
    <?xml version="1.0" encoding="UTF-8"?>
    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>lake</Name>
    <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
    <NextContinuationToken>a&amp;b</NextContinuationToken>
    <Contents><Key>a%2Bb+c</Key><Size>7</Size><ETag>&quot;e1&quot;</ETag></Contents>
    <Contents><Key>d</Key><Size>0</Size><ETag>e2</ETag>
    <LastModified>2013-07-01T05:30:00.250Z</LastModified><Owner><ID>x</ID></Owner></Contents>
    <CommonPrefixes><Prefix>m%3D1/</Prefix></CommonPrefixes></ListBucketResult>
    """

  @Test func readsAPage() throws {
    let listing = try #require(S3Listing(Array(page.utf8)))
    #expect(
      listing.objects == [
        S3Listing.Object(key: "a+b c", size: 7, tag: "\"e1\""),
        S3Listing.Object(
          key: "d",
          size: 0,
          tag: "\"e2\"",
          modifiedMilliseconds: 1_372_656_600_250
        ),
      ]
    )
    #expect(listing.prefixes == ["m=1/"])
    #expect(listing.continuation == "a&b")
  }

  /// No beginning of a page is one, and no byte of it leads to a trap.
  @Test func refusesWhatWasCut() {
    let bytes = Array(page.utf8)
    for count in 0..<bytes.count { #expect(S3Listing(Array(bytes[..<count])) == nil) }
    for index in bytes.indices {
      for byte: UInt8 in [0, UInt8(ascii: "<"), UInt8(ascii: "&"), 0xff] {
        var changed = bytes
        changed[index] = byte
        _ = S3Listing(changed)
      }
    }
  }

  @Test func readsElements() throws {
    let text = "<a x='1>2'><b/> t&lt;&#65;&#x42;<!-- <no> --><![CDATA[<&]]><b>c</b></a>"
    let element = try #require(XMLElement.parse(Array(text.utf8)))
    #expect(element.text == " t<AB<&")
    #expect(element.all("b").map(\.text) == ["", "c"])
    for broken in ["", "a", "<a>", "<a></b>", "<a></a><b></b>", "<a>&x;</a>", "<a>&#xD800;</a>"] {
      #expect(XMLElement.parse(Array(broken.utf8)) == nil, "\(broken)")
    }
    let deep = String(repeating: "<a>", count: 10_000)
    #expect(XMLElement.parse(Array(deep.utf8)) == nil)
    #expect(XMLElement.escape("<a&\"b\">") == "&lt;a&amp;&quot;b&quot;&gt;")
  }

  @Test func readsModificationTimes() {
    #expect(milliseconds(httpDate: "Mon, 01 Jul 2013 05:30:00 GMT") == 1_372_656_600_000)
    #expect(milliseconds(isoDate: "2013-07-01T05:30:00Z") == 1_372_656_600_000)
    for broken in ["", "T", "Z", "TZ", "Mon, 01 Jul 2013", "Mon, 01 Foo 2013 05:30:00 GMT"] {
      #expect(milliseconds(isoDate: broken) == nil)
      #expect(milliseconds(httpDate: broken) == nil)
    }
  }

  @Test func tokensSurviveAsText() throws {
    let token = MultipartToken(uploadID: "2~a b/%", tags: ["\"x\"", "\"y-1\""])
    let prepared = PreparedObject(path: ObjectPath("s3://b/k"), size: 1, token: token.text)
    #expect(try MultipartToken(prepared) == token)
    #expect(
      token.completionDocument == "<CompleteMultipartUpload>"
        + "<Part><PartNumber>1</PartNumber><ETag>&quot;x&quot;</ETag></Part>"
        + "<Part><PartNumber>2</PartNumber><ETag>&quot;y-1&quot;</ETag></Part>"
        + "</CompleteMultipartUpload>"
    )
  }

  @Test func partsGrowSoThatTenThousandHoldFiveTerabytes() {
    #expect(MultipartUpload.partSize(1) == 8 << 20)
    #expect((1...10_000).reduce(0) { $0 + MultipartUpload.partSize($1) } > 5 << 40)
    #expect(MultipartUpload.partSize(10_000) <= 5 << 30)
  }
}
