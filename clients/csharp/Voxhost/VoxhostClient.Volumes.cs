// Volumes: nothing is sent that the host has; what comes is verified.
using System;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Voxhost.V1;

namespace Voxhost
{
    public sealed partial class VoxhostClient
    {
        private const int ChunkBytes = 512 << 10;

        /// <summary>Brings an image to the host. Its voxels are not sent when the host has them already.
        /// </summary>
        /// <exception cref="VoxhostException">INVALID_FIELD, LIMIT_EXCEEDED, DISK_FULL, HOST_UNAVAILABLE</exception>
        public async Task<Volume> UploadAsync(Image image, CancellationToken cancellation = default)
        {
            var volumes = new VolumeService.VolumeServiceClient(_channel);
            var sha256 = image.Sha256;
            var asked = new FindMissingVolumesRequest { Keys = { new VolumeKey { Header = image.Header, Sha256 = sha256 } } };
            var found = await Explained(async () =>
                await volumes.FindMissingVolumesAsync(asked, _headers, null, cancellation));
            if (found.Present.Count > 0) return found.Present[0];

            return await Explained(() => WriteAsync(volumes, image, sha256, cancellation));
        }

        private async Task<Volume> WriteAsync(VolumeService.VolumeServiceClient volumes, Image image, string sha256,
            CancellationToken cancellation)
        {
            using (var call = volumes.WriteVolume(_headers, null, cancellation))
            {
                try
                {
                    var header = new WriteHeader { Header = image.Header };
                    await call.RequestStream.WriteAsync(new WriteVolumeRequest { Header = header });
                    var limit = _info.Limits?.MaxChunkBytes ?? 0;
                    var size = limit > 0 ? (int)Math.Min(ChunkBytes, limit & ~7L) : ChunkBytes;
                    for (var start = 0; start < image.Voxels.Length; start += size)
                    {
                        var part = image.Voxels.AsMemory(start, Math.Min(size, image.Voxels.Length - start));
                        var chunk = new VolumeChunk { OffsetBytes = start, Data = UnsafeByteOperations.UnsafeWrap(part) };
                        await call.RequestStream.WriteAsync(new WriteVolumeRequest { Chunk = chunk }); // Waits for room.
                    }
                    var finish = new WriteFinish { SizeBytes = image.Voxels.Length, Sha256 = sha256 };
                    await call.RequestStream.WriteAsync(new WriteVolumeRequest { Finish = finish });
                    await call.RequestStream.CompleteAsync();
                }
                catch (Exception e) when (e is RpcException || e is InvalidOperationException)
                {
                    // The host has ended the call: its answer says why.
                }
                return (await call.ResponseAsync).Volume;
            }
        }

        /// <summary>Brings a volume's voxels by its name, verified by their SHA-256.</summary>
        /// <exception cref="VoxhostException">VOLUME_NOT_FOUND, DIGEST_MISMATCH, HOST_UNAVAILABLE</exception>
        public async Task<Image> DownloadAsync(string volume, CancellationToken cancellation = default)
        {
            var volumes = new VolumeService.VolumeServiceClient(_channel);
            return await Explained(async () =>
            {
                using (var call = volumes.ReadVolume(new ReadVolumeRequest { Name = volume }, _headers, null, cancellation))
                {
                    Volume described = null;
                    byte[] voxels = null;
                    var received = 0;
                    while (await call.ResponseStream.MoveNext(cancellation))
                    {
                        var message = call.ResponseStream.Current;
                        if (message.Volume != null)
                        {
                            described = message.Volume;
                            voxels = new byte[described.SizeBytes];
                        }
                        if (message.Chunk == null) continue;
                        message.Chunk.Data.Span.CopyTo(voxels.AsSpan(received));
                        received += message.Chunk.Data.Length;
                    }
                    var image = new Image(described.Header, voxels);
                    if (image.Sha256 == described.Sha256) return image;
                    throw new VoxhostException(StatusCode.DataLoss, "DIGEST_MISMATCH",
                        $"The voxels of volume {volume} are not what its digest says. Download it again.");
                }
            });
        }
    }
}
