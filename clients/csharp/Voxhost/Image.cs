// Voxels and the header that says what they are.
using System;
using System.Security.Cryptography;
using Voxhost.V1;

namespace Voxhost
{
    /// <summary>A volume in this program's memory.</summary>
    public sealed class Image
    {
        /// <summary>Sizes, component type and geometry (index to millimetres in LPS).</summary>
        public VolumeHeader Header { get; }

        /// <summary>As they lie in memory: first axis fastest, components side by side, little-endian.</summary>
        public byte[] Voxels { get; }

        public Image(VolumeHeader header, byte[] voxels)
        {
            Header = header;
            Voxels = voxels;
        }

        internal string Sha256 => Convert.ToHexString(SHA256.HashData(Voxels)).ToLowerInvariant();
    }
}
