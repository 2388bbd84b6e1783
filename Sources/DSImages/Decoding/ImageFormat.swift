/// The image formats that can be read, told apart by how a file begins, never by its name.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"
  case netpbm = "PPM or PGM"

  package init?(_ bytes: UnsafeRawBufferPointer) {
    switch bytes {
    case _ where bytes.starts(with: [0xff, 0xd8, 0xff]): self = .jpeg
    case _ where bytes.starts(with: [0x89] + "PNG\r\n\u{1a}\n".utf8): self = .png
    case _ where ["P2", "P3", "P5", "P6"].contains { bytes.starts(with: $0.utf8) }: self = .netpbm
    default: return nil
    }
  }
}
