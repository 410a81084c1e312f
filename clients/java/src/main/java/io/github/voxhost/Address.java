// What a user writes as an address, as gRPC's target.
package io.github.voxhost;

/**
 * @param text as the user wrote it, for sentences
 * @param target gRPC's
 * @param isLocal whether it is this machine
 */
record Address(String text, String target, boolean isLocal) {
  private static final int DEFAULT_PORT = 50151;

  /** @throws VoxhostException INVALID_FIELD */
  static Address parse(String text) {
    if (text.startsWith("unix:") && text.length() > "unix:".length()) return new Address(text, text, true);
    String name = text;
    String port = String.valueOf(DEFAULT_PORT);
    int colon = text.lastIndexOf(':');
    boolean isBareIpv6 = colon != text.indexOf(':') && !text.contains("]:");
    if (colon >= 0 && !isBareIpv6) {
      name = text.substring(0, colon);
      port = text.substring(colon + 1);
    }
    name = name.replaceAll("^\\[|]$", "");
    if (name.isEmpty() || name.matches(".*[/\\s].*") || !port.matches("\\d{1,5}")) {
      throw VoxhostException.invalid("address", text, "host:port or unix:/path, such as 127.0.0.1:" + DEFAULT_PORT);
    }
    boolean isLocal = name.equals("localhost") || name.equals("::1") || name.matches("127(\\.\\d+){3}");
    String bracketed = name.contains(":") ? "[" + name + "]" : name;
    return new Address(text, "dns:///" + bracketed + ":" + port, isLocal);
  }
}
