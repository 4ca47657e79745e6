import './older-browsers.ts';
import '@fontsource-variable/inter/index.css';
import './page.css';
import { mount } from 'svelte';
import Screen from './Screen.svelte';

mount(Screen, { target: document.body });
