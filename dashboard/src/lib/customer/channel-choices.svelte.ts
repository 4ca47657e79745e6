import { toApiError } from '../api.ts';
import { customerApi } from './customer-api.ts';
import type { CustomerDraft } from './customer-draft.svelte.ts';

interface Choice {
  value: string;
  label: string;
}

/** The apps a new customer may be of, and the channels of the app that is chosen. */
export class ChannelChoices {
  apps = $state.raw<Choice[]>([]);
  channels = $state.raw<Choice[]>([]);
  failure = $state<string | null>(null);

  /** With one app only, it is chosen. */
  async loadApps(draft: CustomerDraft): Promise<void> {
    await this.#try(async () => {
      const apps = await customerApi.apps();
      this.apps = apps.map(({ slug, name }) => ({ value: slug, label: name }));
      const [only, another] = apps;
      if (only && !another) draft.app = only.slug;
      if (!only) this.failure = 'There is no app yet: make one under Apps first.';
    });
  }

  async loadChannels(draft: CustomerDraft): Promise<void> {
    const { app, base } = draft;
    this.channels = base === null ? [] : [{ value: base.channel.id, label: base.channel.name }];
    if (app === '') return;
    await this.#try(async () => {
      const { channels } = await customerApi.app(app);
      // Another one was chosen meanwhile.
      if (draft.app !== app) return;
      this.channels = channels.map(({ id, name }) => ({ value: id, label: name }));
      const [only, another] = channels;
      if (draft.channel === '' && only && !another) draft.channel = only.id;
    });
  }

  async #try(load: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await load();
    } catch (error) {
      this.failure = toApiError(error).message;
    }
  }
}
