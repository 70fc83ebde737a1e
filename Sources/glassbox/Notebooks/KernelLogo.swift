import Foundation

/// What JupyterLab shows of the kernel: a box of glass with something in it.
enum KernelLogo {
  static var files: [(name: String, data: Data)] {
    [("logo-svg.svg", Data(drawing.utf8))]
      + [(32, small), (64, large)].compactMap { size, text in
        Data(base64Encoded: text).map { ("logo-\(size)x\(size).png", $0) }
      }
  }

  private static let drawing = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
    <g stroke="#f05138" stroke-width="3" stroke-linejoin="round">
      <path d="M32 5 56 18v28L32 59 8 46V18z" fill="#f05138" fill-opacity=".16"/>
      <path d="M32 31 56 18v28L32 59z" fill="#f05138" fill-opacity=".3"/>
      <path d="M8 18 32 31v28M32 31 56 18" fill="none"/>
    </g>
    <circle cx="32" cy="31" r="5" fill="#0072b2"/>
    </svg>

    """

  // The drawing as PNG, in base64.
  private static let small = """
    iVBORw0KGgoAAAANSUhEUgAAACAAAAAgBAMAAACBVGfHAAAAMFBMVEXJUTihUThOSDgEcbAsLCxVZ4Y0a3orbZtRX1+GXWWyWljDV08AAAAoKC\
    hrUjnuUTg5vXwWAAAAEHRSTlPJoU77LKB6m1+G9f4AKGv2zeI0LQAAARNJREFUeNp9kT9Lw0AYxn93TaaqRMU5Td0UYqa6KIqfIEKdHP0aDh39\
    Im5S/LMJXexSpEhxFU3p4iCWeEYoiInDXU1PwXe5e39w7/M874k+dklzCs8Gk3q9ZYF1GVzOgqbYulpslKA52D6vducbAKIPB0/jFBDB8jVIcH\
    VPkbzug+QjXEn1vGJvFCMpSlMJQxyQuX5ClmiVuWDJA8hClWrZTlSJIQvVF+AAtIvu0ej2LS+djteG+UU+m6UDbSucgF0LuJGM9c0xno791N7Y\
    nxX+C55/AVHdnDbKq+FQvX8xaZXv9pDwadIqv+jpoWdRJYZ3v7gzS4ZVsXOzoB5K2ceNgemnPk5r6tDENL8/OWnZ4Ke+AYC7UtNthffxAAAAAE\
    lFTkSuQmCC
    """

  private static let large = """
    iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAASFBMVEUAAAAoKCjvUThqUjnSUTiNUTgAcrK2UThaUThCQjg2NjYUFBQ3apYNcK\
    xRX19AamyGYHCsWlobbqImbZ9GaI5HaY9wY3oAAACuOpHZAAAAGHRSTlMAKPxq0o3/tlpCNhT5yV9sj/+i0bXg7wA4G+EnAAABlklEQVR42u2X\
    2XKDMAxFI2Th2GRpuv3/pzbEkgEjvJCHTju5T5nM3IO5si1xOPx7HY/P2U3Xmf0Id7ePMm6X3dsuyvpmO9DDSd7zD2iyD8QPhrtcWAoN9XYMdg\
    csRuBQH/0YPswk/1Xbu4V9VFhVESGLBUXyYrnoOS4PqrggFkqVg03x3lBruope12ZBJCMoilO2ir/GPiFoAaAWAClLoK76FVAOWAowVSEepxOa\
    AogDtpkyyg2BRgNM587n7YRbgFgjdSvzBWMRM4CYEerRB3sWMJ07xW4QKwDx0Di4nvv+fJHoo70EiIfmq3/oO7WXAaEgt551C9E3AcaCnARwSu\
    x1AIA+CvF3AGfxf+wEXAXwthMA78H/iXsBcLkX4rR+fj0ATLKBXoAXoARQr+INgFk1lq3mqgK4e1S1dwVAWmebjYYuDxD7sD0hLXpjCuD7fage\
    skzaDUb58oCOGkA6c2nQXPTGCWDr7GlBBMB2apvVnQBy0RcQI6DdPitIlGn/ZvFm5t/34SUzUVX0mYLQ4RnRc/Y/oR9nGhf1ohsGEAAAAABJRU\
    5ErkJggg==
    """
}
