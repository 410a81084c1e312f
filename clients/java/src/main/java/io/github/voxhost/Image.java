// Voxels and the header that says what they are.
package io.github.voxhost;

import io.github.voxhost.v1.ComponentType;
import io.github.voxhost.v1.VolumeHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A volume in this program's memory, 2 GiB at most. The voxels are not copied: leave them as they are while they are
 * being sent.
 *
 * @param header sizes, component type and geometry (index to millimetres in LPS)
 * @param voxels as they lie in memory: first axis fastest, components side by side, little-endian
 */
public record Image(VolumeHeader header, byte[] voxels) {
  /** An image of 16-bit components, signed or not as the header says. */
  public static Image of(VolumeHeader header, short[] voxels) {
    ByteBuffer bytes = allocate(voxels.length, Short.BYTES);
    bytes.asShortBuffer().put(voxels);
    return new Image(header, bytes.array());
  }

  /** An image of float components. */
  public static Image of(VolumeHeader header, float[] voxels) {
    ByteBuffer bytes = allocate(voxels.length, Float.BYTES);
    bytes.asFloatBuffer().put(voxels);
    return new Image(header, bytes.array());
  }

  /** The voxels, little-endian, to be read as shorts, floats and so on. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(voxels).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of bytes that a header promises. */
  public static long sizeBytes(VolumeHeader header) {
    long bytes = (long) componentBytes(header.getComponentType()) * Math.max(1, header.getComponents());
    for (long size : header.getSizesList()) bytes *= size;
    return bytes;
  }

  /** @throws VoxhostException INVALID_FIELD when there are more or fewer voxels than the header says */
  void check() {
    long promised = sizeBytes(header);
    if (voxels.length == promised) return;
    throw VoxhostException.invalid(
        "voxels", voxels.length + " bytes", promised + " bytes, as the header says");
  }

  /** SHA-256, 64 lower-case hexadecimal digits. */
  static String digest(byte[] voxels) {
    return HexFormat.of().formatHex(newDigest().digest(voxels));
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static ByteBuffer allocate(int count, int bytes) {
    return ByteBuffer.allocate(Math.multiplyExact(count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int componentBytes(ComponentType type) {
    return switch (type) {
      case COMPONENT_TYPE_UINT8, COMPONENT_TYPE_INT8 -> 1;
      case COMPONENT_TYPE_UINT16, COMPONENT_TYPE_INT16 -> 2;
      case COMPONENT_TYPE_UINT32, COMPONENT_TYPE_INT32, COMPONENT_TYPE_FLOAT32 -> 4;
      case COMPONENT_TYPE_UINT64, COMPONENT_TYPE_INT64, COMPONENT_TYPE_FLOAT64 -> 8;
      case COMPONENT_TYPE_UNSPECIFIED, UNRECOGNIZED -> 0;
    };
  }
}
