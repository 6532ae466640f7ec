package io.vectorconnect.hdf5.format;

import io.jhdf.FractalHeap;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.HdfFile;
import io.jhdf.LocalHeap;
import io.jhdf.SymbolTableEntry;
import io.jhdf.btree.BTreeV1;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the objects of a file by their paths; follows hard and soft links. */
public final class Hdf5Objects {
  /** As many links as the HDF5 library follows. */
  private static final int MAX_LINKS = 16;

  private static final int CACHED_SOFT_LINK = 2;

  private final HdfFile hdf;
  private final FileBytes file;
  private final Map<Long, Map<String, Link>> groups = new HashMap<>();

  /** The objects of an open file. */
  public Hdf5Objects(HdfFile hdf, FileBytes file) {
    this.hdf = hdf;
    this.file = file;
  }

  /**
   * The dataset at a path from the root.
   *
   * @return nothing where the path leads nowhere, or to something else
   * @throws HdfException when a link leads to another file, or a part of the file is damaged
   */
  public Optional<StoredDataset> dataset(String path) {
    String normal = "/" + String.join("/", steps(path));
    return address(hdf.getAddress(), steps(path), 0).flatMap(at -> dataset(normal, at));
  }

  private Optional<StoredDataset> dataset(String path, long address) {
    ObjectHeader header = ObjectHeader.read(file, address);
    return header.has(ObjectHeader.DATASPACE)
        ? Optional.of(new StoredDataset(file, header, path, address))
        : Optional.empty();
  }

  /** The names in the group at a path. */
  public List<String> names(String group) {
    return address(hdf.getAddress(), steps(group), 0)
        .map(at -> List.copyOf(new TreeSet<>(links(at).keySet())))
        .orElse(List.of());
  }

  private static List<String> steps(String path) {
    return Arrays.stream(path.split("/"))
        .filter(step -> !step.isEmpty() && !step.equals("."))
        .toList();
  }

  private Optional<Long> address(long group, List<String> steps, int followed) {
    if (steps.isEmpty()) {
      return Optional.of(group);
    }
    String name = steps.get(0);
    List<String> rest = steps.subList(1, steps.size());
    Link link = links(group).get(name);
    if (link == null) {
      return Optional.empty();
    }
    if (followed > MAX_LINKS) {
      throw new HdfException("its link leads through more than %d others".formatted(MAX_LINKS));
    }
    if (link instanceof Link.Hard hard) {
      return address(hard.address(), rest, followed);
    }
    if (link instanceof Link.Soft soft) {
      List<String> target = new ArrayList<>(steps(soft.path()));
      target.addAll(rest);
      long from = soft.path().startsWith("/") ? hdf.getAddress() : group;
      return address(from, target, followed + 1);
    }
    throw new HdfException(
        link instanceof Link.External external
            ? "it is a link into the file %s, which is not followed; read that file itself"
                .formatted(external.file())
            : "it is a link of a kind that is not supported");
  }

  /** The links of the group at an address; none where the object is no group. */
  private Map<String, Link> links(long group) {
    return groups.computeIfAbsent(group, this::readLinks);
  }

  private Map<String, Link> readLinks(long group) {
    ObjectHeader header = ObjectHeader.read(file, group);
    Map<String, Link> links = new LinkedHashMap<>();
    Optional<ByteBuffer> table = header.find(ObjectHeader.SYMBOL_TABLE);
    if (table.isPresent()) {
      addOld(table.get(), links);
      return links;
    }
    header.all(ObjectHeader.LINK).forEach(message -> add(message, links));
    header.find(ObjectHeader.LINK_INFO).ifPresent(info -> addDense(info, links));
    return links;
  }

  private void add(ByteBuffer message, Map<String, Link> links) {
    Link.Named named = Link.parse(file, message);
    links.put(named.name(), named.link());
  }

  /** The links of a group with many: in a heap, and a tree of their places by name. */
  private void addDense(ByteBuffer info, Map<String, Link> links) {
    info.get(); // version
    int flags = info.get();
    if ((flags & 1) != 0) {
      info.getLong(); // the largest index of creation
    }
    long heapAddress = file.address(info);
    long treeAddress = file.address(info);
    if (heapAddress == FileBytes.UNDEFINED || treeAddress == FileBytes.UNDEFINED) {
      return;
    }
    FractalHeap heap = new FractalHeap(hdf.getHdfBackingStorage(), heapAddress);
    new BTreeV2(file, treeAddress)
        .forEach(
            link -> { // a hash of the name, then its place
              ByteBuffer place = FileBytes.part(link.position(Integer.BYTES), link.remaining());
              add(heap.getId(place), links);
            });
  }

  private void addOld(ByteBuffer table, Map<String, Link> links) {
    long tree = file.address(table);
    long heap = file.address(table);
    var storage = hdf.getHdfBackingStorage();
    ByteBuffer names = new LocalHeap(storage, heap).getDataBuffer();
    for (long child : BTreeV1.createGroupBTree(storage, tree).getChildAddresses()) {
      for (SymbolTableEntry entry :
          new GroupSymbolTableNode(storage, child).getSymbolTableEntries()) {
        String name = Link.untilNul(names.duplicate().position(entry.getLinkNameOffset()));
        links.put(
            name,
            entry.getCacheType() == CACHED_SOFT_LINK
                ? new Link.Soft(
                    Link.untilNul(names.duplicate().position(entry.getLinkValueOffset())))
                : new Link.Hard(entry.getObjectHeaderAddress()));
      }
    }
  }
}
