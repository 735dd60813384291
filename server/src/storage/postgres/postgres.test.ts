import { createTestDatabase } from '../../testing/shared-postgres.ts';
import { openStorage } from '../open-storage.ts';
import { storageContract } from '../storage-contract.ts';

storageContract('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const storage = await openStorage(database.url);
  return {
    storage,
    async remove() {
      await storage.close();
      await database.remove();
    },
  };
});
